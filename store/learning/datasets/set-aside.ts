import { predictionId, type PredictionRef } from '../../../domain/prediction.ts'
import { appendAudit } from '../../audit.ts'
import { changeCorrection, correctionOf, standingVotes } from '../../corrections/corrections.ts'
import type { Db, Trx } from '../../db.ts'

const actor = 'system:learning'

/** A correction that a dataset cannot take. `reason` is our own words. */
export interface LeftOut extends PredictionRef {
  readonly reason: string
}

/** Keeps which accepted corrections no dataset will ever take, so that they are no reason to learn. A repeat changes nothing. */
export async function leaveOut(db: Db, bot: string, corrections: readonly LeftOut[]): Promise<void> {
  for (const { messageId: message_id, position, reason } of corrections)
    await db.transaction().execute(async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('left_out_corrections')
        .values({ message_id, position, reason })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) return
      const subject = predictionId({ messageId: message_id, position })
      await appendAudit(trx, { actor, action: 'correction.left-out', subject, details: { bot, reason } })
    })
}

async function contradict(trx: Trx, ref: PredictionRef & { readonly label: string }): Promise<void> {
  const correction = await correctionOf(trx, ref, { lock: true })
  if (correction?.state !== 'accepted' || correction.label !== ref.label) return
  const { bot, channel, label, predicted, changedBy = '' } = correction
  const { slot, version, label: said } = predicted
  const votes = await standingVotes(trx, ref)
  await changeCorrection(trx, correction, {
    state: 'conflicted',
    label: undefined,
    // One more vote does not say which of the two labels is right.
    decidedBy: 'reviewer',
    settled: false,
    provenance: {
      ...{ channel, changedBy, consent: 'granted', predictedBy: { slot, version, label: said } },
      votes: votes.map(({ id }) => id),
    },
  })
  const details = { bot, before: 'accepted', label, why: 'people gave the same input two labels' }
  await appendAudit(trx, { actor, action: 'correction.conflicted', subject: predictionId(ref), details })
}

/** Leaves corrections of one input with two labels to the reviewers. Those that were settled anew meanwhile stay as they are. */
export async function leaveToReviewers(
  db: Db,
  corrections: readonly (PredictionRef & { readonly label: string })[],
): Promise<void> {
  for (const correction of corrections) await db.transaction().execute((trx) => contradict(trx, correction))
}
