import { sql } from 'kysely'
import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { promoted } from '../../domain/rollout/serving-changes.ts'
import { isOverride, whyRefused } from '../approvals/check-decision.ts'
import { type Decision, decisionById, refuseDecision, refuseRequested } from '../approvals/decisions.ts'
import type { DecisionRefusal } from '../approvals/refusals.ts'
import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db.ts'
import { lockServingSet, replaceServingSet } from '../versions/serving-sets.ts'
import { latestEvidence } from './evidence/evidence.ts'
import { moveRollout, rolloutOf } from './rollouts.ts'
import { assertWarm } from './warm-versions.ts'

export interface PromotionRequest extends RolloutKey {
  readonly decisionId: string
  readonly evidenceId: string
}

export type Promotion = { readonly kind: 'promoted' } | { readonly kind: 'refused'; readonly reason: string }

async function apply(trx: Trx, decision: Decision): Promise<void> {
  const { bot, version, evidenceId, personId } = decision
  const set = await lockServingSet(trx, bot)
  const rollout = await rolloutOf(trx, decision)
  if (rollout === undefined) throw new Error('a decision has no rollout')
  await assertWarm(trx, { bot, version })
  const override = await isOverride(trx, decision)
  await sql`update decisions set state = 'applied', override = ${override} where id = ${decision.id}`.execute(trx)
  await refuseRequested(trx, decision, 'decided')
  const { slot, champion, mode, step } = rollout
  await replaceServingSet(trx, { bot, set: promoted(set, { slot, version, champion, mode }), actor: personId })
  await moveRollout(trx, { bot, version, stage: 'bake', step })
  const evidenceHash = (await latestEvidence(trx, decision))?.hash
  await appendAudit(trx, {
    actor: personId,
    action: 'version.promoted',
    subject: `${bot}:${version}`,
    details: { champion, mode, decisionId: decision.id, evidenceId, evidenceHash, override },
  })
}

/** @returns why it is refused, or `undefined` when it is applied now or was before. */
async function applyOrRefuse(trx: Trx, request: PromotionRequest): Promise<string | undefined> {
  const { bot, version, decisionId, evidenceId } = request
  await lockServingSet(trx, bot)
  await rolloutOf(trx, { bot, version }, { lock: true })
  const decision = await decisionById(trx, decisionId, { lock: true })
  if (decision?.state === 'applied') return undefined
  if (decision?.state === 'refused') return decision.refusal ?? 'refused'
  const isSame = decision?.bot === bot && decision.version === version && decision.evidenceId === evidenceId
  if (!isSame || decision.decision !== 'promote') return 'unknown-evidence' satisfies DecisionRefusal
  const refusal = await whyRefused(trx, decision)
  if (refusal === undefined) await apply(trx, decision)
  return refusal
}

/**
 * Makes a version live on a person's decision: everything that was checked before is checked again, in the transaction that
 * changes what serves. A refusal is kept in the decision's row. Repeating it gives the same answer.
 * @param options.patient false: a version that is not warm is refused, so that the person hears of it.
 * @throws ModelNotReady when no inference worker holds the version warm; nothing has changed then.
 */
export async function promoteVersion(
  db: Db,
  request: PromotionRequest,
  { patient }: { readonly patient: boolean },
): Promise<Promotion> {
  const reason = await db
    .transaction()
    .execute((trx) => applyOrRefuse(trx, request))
    .catch((error: unknown): DecisionRefusal => {
      if (patient || !(error instanceof ModelNotReady)) throw error
      return 'not-warm'
    })
  if (reason === undefined) return { kind: 'promoted' }
  await refuseDecision(db, request.decisionId, reason)
  return { kind: 'refused', reason }
}
