import { sql } from 'kysely'
import type { DecisionKind, RolloutKey } from '../../domain/rollout/rollout.ts'
import type { Db } from '../db.ts'

/** A decision as the page of a rollout tells it, to those who may look at the bot. */
export interface ListedDecision {
  readonly id: string
  readonly decision: DecisionKind
  readonly personId: string
  /** The hash of the evidence that it was made on. */
  readonly evidenceHash: string | null
  /** What the person is called at our own sign-in, else the place where they decided. */
  readonly name: string
  readonly reason: string
  readonly override: boolean
  readonly state: 'requested' | 'applied' | 'refused'
  /** A code of store/approvals/refusals.ts. */
  readonly refusal: string | null
  readonly at: Date
}

/** All decisions on a rollout, the oldest first. */
export async function decisionsOf(db: Db, { bot, version }: RolloutKey): Promise<readonly ListedDecision[]> {
  const { rows } = await sql<ListedDecision>`
    select decisions.id, decision, person_id as "personId", reason, override, state, refusal, at,
           evidence.hash as "evidenceHash", case channel when 'http' then platform_user_id when 'slack' then 'an approver in Slack' else 'an approver' end as name
    from decisions join people on people.id = person_id left join evidence on evidence.id = evidence_id
    where decisions.bot = ${bot} and decisions.version = ${version} order by at, decisions.id`.execute(db)
  return rows
}
