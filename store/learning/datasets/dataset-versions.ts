import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** Which versions learned from each dataset of a bot, by its root. */
export async function versionsByDataset(db: Db, bot: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<{ root: string; versions: readonly number[] }>`
    select dataset_root as root, array_agg(version order by version) as versions
    from versions where bot = ${bot} group by dataset_root`.execute(db)
  return new Map(rows.map(({ root, versions }) => [root, versions]))
}

/** The bot that a dataset belongs to, or `undefined`. */
export async function botOfDataset(db: Db, root: string): Promise<string | undefined> {
  const { rows } = await sql<{ bot: string }>`select bot from datasets where root = ${root}`.execute(db)
  return rows[0]?.bot
}
