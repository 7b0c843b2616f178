import { sql } from 'kysely'
import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import type { Db } from '../db.ts'

/** A worker that has not said for so long that a version is warm, is gone. */
export const warmWithinMs = 15_000

/** An inference worker says which versions it holds, loaded and warmed up; those that it does not hold any more are taken out. */
export async function sayWarm(db: Db, worker: string, versions: readonly RolloutKey[]): Promise<void> {
  const held = JSON.stringify(versions)
  await db.transaction().execute(async (trx) => {
    // Workers that ended without a word leave rows; a day later nobody asks about them.
    await sql`
      delete from warm_versions where seen_at < now() - interval '1 day' or (worker = ${worker} and not exists (
        select 1 from jsonb_to_recordset(${held}::jsonb) as held (bot text, version int)
        where held.bot = warm_versions.bot and held.version = warm_versions.version))`.execute(trx)
    await sql`
      insert into warm_versions (worker, bot, version, seen_at)
      select ${worker}, bot, version, clock_timestamp() from jsonb_to_recordset(${held}::jsonb) as held (bot text, version int)
      on conflict (worker, bot, version) do update set seen_at = excluded.seen_at`.execute(trx)
  })
}

/** @throws ModelNotReady when no inference worker has said lately that it holds the version. */
export async function assertWarm(db: Db, { bot, version }: RolloutKey): Promise<void> {
  const { rows } = await sql<{ warm: boolean }>`
    select exists (
      select 1 from warm_versions where bot = ${bot} and version = ${version}
        and seen_at > clock_timestamp() - make_interval(secs => ${warmWithinMs / 1000})
    ) as warm`.execute(db)
  if (rows[0]?.warm !== true) throw new ModelNotReady(`no inference worker holds ${bot} v${version} warm`)
}

/** The versions that inference workers are to hold: what serves, what is on its way, and what a rollback of either brings back. */
export async function versionsToHold(db: Db, bots: readonly string[]): Promise<readonly RolloutKey[]> {
  const { rows } = await sql<{ bot: string; version: number }>`
    with serving as (
      select bot, (member ->> 'version')::int as version
      from serving_sets cross join jsonb_array_elements(members) as member where bot = any(${[...bots]}::text[])
    )
    select bot, version from serving
    union
    select bot, coalesce(rollouts.champion, versions.parent)
    from serving join versions using (bot, version) left join rollouts using (bot, version)
    where coalesce(rollouts.champion, versions.parent) is not null
    union
    select bot, unnest(array[version, champion]) from rollouts where bot = any(${[...bots]}::text[]) and ended_as is null
    order by bot, version`.execute(db)
  return rows
}
