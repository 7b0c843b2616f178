import { sql } from 'kysely'
import type { Db } from '../db.ts'

/**
 * The people behind what a version has learned for the first time: their standing votes agreed with the label of an accepted
 * correction that is in its dataset, and not in its parent's. Blind labels make nobody a contributor.
 * @returns how many of those corrections each of them has, by our ids of people.
 */
export async function contributorsOf(
  db: Db,
  { bot, version }: { readonly bot: string; readonly version: number },
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ person_id: string; corrections: number }>`
    select votes.person_id, count(*)::int as corrections
    from versions
    join dataset_corrections on dataset_corrections.root = versions.dataset_root
    join votes using (message_id, position)
    where versions.bot = ${bot} and versions.version = ${version}
      and votes.verdict = 'counted' and votes.label = dataset_corrections.label
      and not exists (
        select 1 from versions as parents
        join dataset_corrections as before on before.root = parents.dataset_root
        where parents.bot = versions.bot and parents.version = versions.parent
          and before.message_id = dataset_corrections.message_id and before.position = dataset_corrections.position)
    group by votes.person_id`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row.corrections]))
}
