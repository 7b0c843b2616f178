import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** The latest different inputs that people sent to a bot, by SHA-256 of the normalised form; no load tests, and nothing that is gone. */
export async function recentInputs(db: Db, bot: string, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ input_sha256: string }>`
    select input_sha256 from scores join messages on messages.id = scores.message_id
    where messages.bot = ${bot} and messages.deleted_at is null and not messages.synthetic
    group by input_sha256 order by max(scores.started_at) desc limit ${limit}`.execute(db)
  return rows.map((row) => row.input_sha256)
}
