import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import type { Db } from '../db.ts'

const digest = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(parts.join(':')).digest('hex')

/** A person as a hash that belongs to one bot alone, so that rows of different bots cannot be joined. */
export const unitOf = (bot: string, personId: string): string => digest(bot, personId).slice(0, 32)

/** Where a unit falls between 0 and 1 for one version: the same in every step, and independent of every other version. */
export const canaryShare = (bot: string, version: number, unit: string): number =>
  Number.parseInt(digest(bot, version, unit).slice(0, 8), 16) / 2 ** 32

/**
 * Keeps which arm of a canary a unit is in, once per step, so that the sample ratio is over people and not over requests.
 * Versions that are no canary are left out.
 */
export async function assignUnit(
  db: Db,
  { bot, unit, versions }: { readonly bot: string; readonly unit: string; readonly versions: readonly number[] },
): Promise<void> {
  if (versions.length === 0) return
  const shares = versions.map((version) => ({ version, share: canaryShare(bot, version, unit) }))
  await sql`
    insert into assignments (bot, version, step, unit, arm)
    select rollouts.bot, rollouts.version, rollouts.step, ${unit},
           case when shares.share < (numbers -> 'canary' -> step ->> 'weight')::float8 then 'canary' else 'control' end
    from rollouts join jsonb_to_recordset(${JSON.stringify(shares)}::jsonb) as shares (version int, share float8)
      on shares.version = rollouts.version
    where rollouts.bot = ${bot} and stage in ('canary', 'approval') and ended_as is null
      and numbers -> 'canary' -> step is not null
    on conflict do nothing`.execute(db)
}

/** How many people fell into each arm of one step of a canary. */
export async function armsOf(
  db: Db,
  { bot, version, step }: RolloutKey & { readonly step: number },
): Promise<{ readonly canary: number; readonly control: number }> {
  const { rows } = await sql<{ canary: number; control: number }>`
    select count(*) filter (where arm = 'canary')::int as canary, count(*) filter (where arm = 'control')::int as control
    from assignments where bot = ${bot} and version = ${version} and step = ${step}`.execute(db)
  return rows[0] ?? { canary: 0, control: 0 }
}
