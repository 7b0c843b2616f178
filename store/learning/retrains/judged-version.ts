import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { SlotJudgement } from './slot-judgement.ts'

/** What the gates of a version's retrain saw; `undefined` for a version that no retrain made. */
export async function judgedVersion(db: Db, bot: string, version: number): Promise<SlotJudgement | undefined> {
  const { rows } = await sql<{ judged: SlotJudgement | null }>`
    select judged from retrain_slots where bot = ${bot} and version = ${version}`.execute(db)
  return rows[0]?.judged ?? undefined
}
