import { sql } from 'kysely'
import type { ReplayReport } from '../../domain/rollout/replay.ts'
import type { Verdict } from '../../domain/rollout/verdict.ts'
import type { Db } from '../db.ts'
import type { RolloutKey } from './rollouts.ts'

/** A replay as it was kept. */
export interface KeptReplay {
  readonly id: string
  readonly verdict: Verdict
  readonly report: ReplayReport
  readonly createdAt: Date
}

interface Row {
  readonly id: string
  readonly verdict: Verdict
  readonly report: ReplayReport
  readonly created_at: Date
}

const fromRow = ({ id, verdict, report, created_at }: Row): KeptReplay => ({
  id,
  verdict,
  report,
  createdAt: created_at,
})

/** Keeps a report for the pages and the card. @returns our id of it. */
export async function keepReplay(db: Db, report: ReplayReport): Promise<string> {
  const { bot, version, against, from, to, hash, verdict } = report
  const { rows } = await sql<{ id: string }>`
    insert into replay_reports (bot, version, against, from_at, to_at, hash, verdict, report)
    values (${bot}, ${version}, ${against}, ${from}, ${to}, ${hash}, ${verdict}, ${JSON.stringify(report)})
    returning id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted report came back without a row')
  return row.id
}

/** The reports of a version, the newest first. */
export async function replaysOf(db: Db, { bot, version }: RolloutKey, limit = 20): Promise<readonly KeptReplay[]> {
  const { rows } = await sql<Row>`
    select id, verdict, report, created_at from replay_reports
    where bot = ${bot} and version = ${version} order by created_at desc, id desc limit ${limit}`.execute(db)
  return rows.map(fromRow)
}
