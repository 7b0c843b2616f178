import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** Two people who see the same harm order the same rollback within this. */
const atOnceMs = 60_000

/** Why a person took a version back; the words stay in this row. The change itself and its audit row are written before. */
export async function keepTakeBack(
  db: Db,
  taken: {
    readonly bot: string
    readonly from: number
    readonly to: number
    readonly personId: string
    readonly reason: string
  },
): Promise<void> {
  const { bot, from, to, personId, reason } = taken
  await sql`insert into take_backs (bot, version, went_back_to, person_id, reason)
            values (${bot}, ${from}, ${to}, ${personId}, ${reason})`.execute(db)
}

/**
 * The version that somebody else has taken back a moment ago. Whoever orders a rollback now without naming a version has most
 * likely meant that one, and not the version before it.
 */
export async function takenBackByAnother(
  db: Db,
  { bot, personId }: { readonly bot: string; readonly personId: string },
): Promise<number | undefined> {
  const { rows } = await sql<{ version: number }>`
    select version from take_backs
    where bot = ${bot} and person_id <> ${personId} and at > now() - ${atOnceMs} * interval '1 millisecond'
    order by at desc limit 1`.execute(db)
  return rows[0]?.version
}

/** What a person is told who did not name what another has taken back already. */
export const takenBackText = (version: number): string =>
  `Somebody else has taken version ${version} back a moment ago. To take another one back, name it.`
