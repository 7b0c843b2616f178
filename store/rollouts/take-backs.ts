import { sql } from 'kysely'
import type { Db } from '../db.ts'

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
