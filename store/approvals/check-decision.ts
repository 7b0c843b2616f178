import { sql } from 'kysely'
import { mayAct } from '../../domain/people.ts'
import type { DecisionKind, RolloutStage } from '../../domain/rollout/rollout.ts'
import { promotionOf, type Verdict } from '../../domain/rollout/verdict.ts'
import type { Db } from '../db.ts'
import { actorOf } from '../people/people.ts'
import { contributorsOf } from '../rollouts/evidence/contributors.ts'
import type { DecisionRefusal } from './refusals.ts'

/** Who decides what, on which evidence. */
export interface DecisionToCheck {
  readonly bot: string
  readonly version: number
  readonly evidenceId: string
  readonly decision: DecisionKind
  /** Our id of the person. */
  readonly personId: string
}

interface Situation {
  readonly stage: RolloutStage
  readonly verdict: Verdict
  readonly latest: string
  readonly expired: boolean
  readonly decided: boolean
}

async function situationOf(db: Db, { bot, version, evidenceId }: DecisionToCheck): Promise<Situation | undefined> {
  const { rows } = await sql<Situation>`
    select stage, verdict, expires_at <= now() as expired,
           (select id from evidence as other where other.bot = ${bot} and other.version = ${version}
            order by created_at desc, id desc limit 1) as latest,
           exists (select 1 from decisions where evidence_id = evidence.id and state = 'applied'
                   and decision in ('promote', 'reject')) as decided
    from evidence join rollouts using (bot, version)
    where evidence.id = ${evidenceId} and bot = ${bot} and version = ${version}`.execute(db)
  return rows[0]
}

/**
 * Why a decision may not be made, or `undefined` when it may. The same checks at the door and in the transaction that changes
 * something; there the caller holds the lock of the rollout's row.
 * 1. The evidence belongs to this version. 2. The person is an approver. 3. The rollout waits for a decision. 4. Nobody has
 * decided on this evidence. 5. It is the newest one, and not too old. 6. A promotion needs evidence that allows it, and a
 * person who has not contributed to the version (two-person rule).
 */
export async function whyRefused(db: Db, decision: DecisionToCheck): Promise<DecisionRefusal | undefined> {
  const situation = await situationOf(db, decision)
  if (situation === undefined) return 'unknown-evidence'
  const { bot, version, personId, evidenceId } = decision
  if (!mayAct(await actorOf(db, personId), bot, 'approver')) return 'not-approver'
  if (situation.decided) return 'decided'
  if (situation.stage !== 'approval') return 'not-pending'
  if (situation.latest !== evidenceId) return 'stale'
  if (situation.expired) return 'expired'
  if (decision.decision !== 'promote') return undefined
  if (promotionOf(situation.verdict) === 'impossible') return 'verdict'
  return (await contributorsOf(db, { bot, version })).has(personId) ? 'own-data' : undefined
}

/** Whether a promotion on this evidence goes past an inconclusive verdict. */
export async function isOverride(db: Db, { evidenceId, decision }: DecisionToCheck): Promise<boolean> {
  if (decision !== 'promote') return false
  const { rows } = await sql<{ verdict: Verdict }>`select verdict from evidence where id = ${evidenceId}`.execute(db)
  return rows[0]?.verdict === 'inconclusive'
}
