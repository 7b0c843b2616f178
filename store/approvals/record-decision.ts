import { sql } from 'kysely'
import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db.ts'
import { whyRefused } from './check-decision.ts'
import { type Decision, decisionById, refuseDecision } from './decisions.ts'
import type { DecisionRefusal } from './refusals.ts'

/** Whether a decision is applied now, or why it never will be. */
export type Recorded = { readonly kind: 'recorded' } | { readonly kind: 'refused'; readonly reason: string }

async function apply(trx: Trx, { id, bot, version, decision, evidenceId, personId }: Decision): Promise<void> {
  await sql`update decisions set state = 'applied' where id = ${id}`.execute(trx)
  const held = decision === 'hold'
  await sql`update rollouts set held = ${held} where bot = ${bot} and version = ${version}`.execute(trx)
  const details = { decisionId: id, evidenceId }
  await sql`insert into rollout_events (bot, version, kind, detail)
            values (${bot}, ${version}, ${held ? 'held' : 'rejected'}, ${JSON.stringify(details)})`.execute(trx)
  await appendAudit(trx, {
    actor: personId,
    action: held ? 'rollout.held' : 'rollout.rejected',
    subject: `${bot}:${version}`,
    details,
  })
}

/**
 * Applies a hold or a rejection, after the same checks as at the door, in one transaction under the rollout's lock: of two
 * people at once, one decides. Repeating it changes nothing.
 * What names no hold or rejection of ours is refused.
 */
export async function recordHoldOrReject(db: Db, decisionId: string): Promise<Recorded> {
  const found = await db.transaction().execute(async (trx) => {
    const asked = await decisionById(trx, decisionId)
    // Whoever may signal the workflow by hand may name anything, and the watch must go on.
    if (asked === undefined || asked.decision === 'promote') return 'unknown-evidence' satisfies DecisionRefusal
    await sql`select 1 from rollouts where bot = ${asked.bot} and version = ${asked.version} for update`.execute(trx)
    const decision = (await decisionById(trx, decisionId, { lock: true })) ?? asked
    if (decision.state === 'applied') return undefined
    if (decision.state === 'refused') return decision.refusal ?? 'refused'
    const refusal = await whyRefused(trx, decision)
    if (refusal === undefined) await apply(trx, decision)
    return refusal
  })
  if (found === undefined) return { kind: 'recorded' }
  await refuseDecision(db, decisionId, found)
  return { kind: 'refused', reason: found }
}
