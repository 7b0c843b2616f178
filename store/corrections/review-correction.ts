import { sql } from 'kysely'
import type { ChannelName } from '../../domain/label.ts'
import { type CorrectionState, mayReview, type Review, reviews } from '../../domain/correction.ts'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import { appendAudit } from '../audit.ts'
import { changeCorrection, type Correction, correctionOf, standingVotes } from './corrections.ts'
import { type Db, inTransaction, type Trx } from '../db.ts'
import { correctionDetails } from './correction-details.ts'

export interface ReviewRequest extends PredictionRef {
  readonly decision: Review
  /** Our id of the person, whose role the caller has checked. */
  readonly personId: string
  /** The person's words; they stay in the row of the review. */
  readonly reason?: string | undefined
}

export type Reviewed =
  | { readonly kind: 'unknown' }
  /** It does not fit the state. */
  | { readonly kind: 'refused'; readonly state: CorrectionState }
  | {
      readonly kind: 'reviewed'
      readonly state: CorrectionState
      readonly revision: number
      readonly channel: ChannelName
      /** Votes whose people can be told where they are. */
      readonly voteIds: readonly string[]
      /** Versions that have learned from it. */
      readonly versions: readonly number[]
    }

const auditNames: Readonly<Record<Review, string>> = {
  reject: 'correction.rejected',
  quarantine: 'correction.quarantined',
  revoke: 'correction.revoked',
}

async function change(trx: Trx, correction: Correction, request: ReviewRequest): Promise<Reviewed> {
  const { decision, personId, reason } = request
  const { to } = reviews[decision]
  const revision = correction.revision + 1
  const votes = await standingVotes(trx, correction)
  const { rows } = await sql<{ id: string }>`
    insert into correction_reviews (message_id, position, decision, person_id, reason, revision)
    values (${correction.messageId}, ${correction.position}, ${decision}, ${personId}, ${reason ?? null}, ${revision})
    returning id`.execute(trx)
  const { slot, version, label: predicted } = correction.predicted
  await changeCorrection(trx, correction, {
    state: to,
    label: correction.label,
    // From here on only a reviewer changes it.
    decidedBy: 'reviewer',
    settled: true,
    provenance: {
      channel: correction.channel,
      consent: 'withheld',
      predictedBy: { slot, version, label: predicted },
      votes: votes.map(({ id }) => id),
      changedBy: rows[0]?.id ?? '',
    },
  })
  const prediction = predictionId(correction)
  const known = (await correctionDetails(trx, [correction])).get(prediction)
  const versions = [...new Set(known?.datasets.flatMap((each) => each.versions))].toSorted((one, other) => one - other)
  const details = { bot: correction.bot, before: correction.state, label: correction.label, versions }
  await appendAudit(trx, { actor: personId, action: auditNames[decision], subject: prediction, details })
  return {
    kind: 'reviewed',
    state: to,
    revision,
    channel: correction.channel,
    voteIds: votes.filter(({ canBeTold }) => canBeTold).map(({ id }) => id),
    versions,
  }
}

/**
 * A reviewer rejects, quarantines or revokes a correction: state, the person's words and the audit row in one transaction. What
 * is taken out leaves the next dataset; versions that have learned from it are named.
 */
export async function reviewCorrection(db: Db, request: ReviewRequest): Promise<Reviewed> {
  return inTransaction(db, async (trx) => {
    const correction = await correctionOf(trx, request, { lock: true })
    if (correction === undefined) return { kind: 'unknown' }
    const { state } = correction
    return mayReview(request.decision, state) ? change(trx, correction, request) : { kind: 'refused', state }
  })
}
