import { sql } from 'kysely'
import type { RolloutEnd, RolloutStage } from '../../domain/rollout/rollout.ts'
import type { Db } from '../db.ts'
import { warmWithinMs } from '../rollouts/warm-versions.ts'

/** What the records tell of a version beside what it was registered with. */
export interface VersionFacts {
  readonly version: number
  readonly createdAt: Date
  /** An inference worker said lately that it holds it. */
  readonly warm: boolean
  readonly rollout: { readonly stage: RolloutStage; readonly end: RolloutEnd | null } | null
}

/** The facts of all versions of a bot, by number. */
export async function versionFacts(db: Db, bot: string): Promise<ReadonlyMap<number, VersionFacts>> {
  const { rows } = await sql<VersionFacts>`
    select versions.version, versions.created_at as "createdAt",
           exists (select 1 from warm_versions warm where warm.bot = versions.bot and warm.version = versions.version
                   and seen_at > clock_timestamp() - make_interval(secs => ${warmWithinMs / 1000})) as warm,
           case when rollouts.stage is not null then jsonb_build_object('stage', rollouts.stage, 'end', ended_as) end as rollout
    from versions left join rollouts using (bot, version) where versions.bot = ${bot}`.execute(db)
  return new Map(rows.map((row) => [row.version, row]))
}
