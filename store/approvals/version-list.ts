import { sql } from 'kysely'
import type { RolloutEnd } from '../../domain/rollout/rollout.ts'
import type { Verdict } from '../../domain/rollout/verdict.ts'
import type { Stage } from '../../domain/serving-set.ts'
import type { Db } from '../db.ts'

/** A version and where it stands. */
export interface ListedVersion {
  readonly version: number
  readonly slot: string
  /** Its place in the serving set; absent when it is not in there. */
  readonly stage: Stage | null
  readonly baseline: boolean
  /** Since when it is there, as its rollout tells; else when it was registered. */
  readonly since: Date
  /** What its newest evidence says. */
  readonly verdict: Verdict | null
  readonly end: RolloutEnd | null
}

/** The newest versions of a bot. */
export async function listedVersions(db: Db, bot: string, limit: number): Promise<readonly ListedVersion[]> {
  const { rows } = await sql<ListedVersion>`
    select versions.version, versions.slot, member ->> 'stage' as stage, coalesce((member ->> 'baseline')::boolean, false) as baseline,
           coalesce(rollouts.stage_since, versions.created_at) as since, rollouts.ended_as as end,
           (select verdict from evidence where evidence.bot = versions.bot and evidence.version = versions.version
            order by evidence.created_at desc, evidence.id desc limit 1) as verdict
    from versions left join rollouts using (bot, version)
    left join serving_sets on serving_sets.bot = versions.bot
    left join lateral (select member from jsonb_array_elements(serving_sets.members) as member
                       where (member ->> 'version')::int = versions.version) as served on true
    where versions.bot = ${bot} order by versions.version desc limit ${limit}`.execute(db)
  return rows
}
