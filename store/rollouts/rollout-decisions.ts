import { sql } from 'kysely'
import type { DecisionKind } from '../../domain/rollout/rollout.ts'
import type { Db } from '../db.ts'
import type { RolloutKey } from './rollouts.ts'

/** A decision as the page of a rollout tells it, to those who may look at the bot. */
export interface ListedDecision {
  readonly id: string
  readonly decision: DecisionKind
  readonly personId: string
  /** What the person is called at our own sign-in; their id here when they came from elsewhere. */
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
           case when channel = 'http' then platform_user_id else people.id::text end as name
    from decisions join people on people.id = person_id
    where bot = ${bot} and version = ${version} order by at, decisions.id`.execute(db)
  return rows
}
