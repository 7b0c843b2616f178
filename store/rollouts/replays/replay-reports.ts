import { sql } from 'kysely'
import type { RolloutKey } from '../../../domain/rollout/rollout.ts'
import type { ReplayReport } from '../../../domain/rollout/replay.ts'
import type { Verdict } from '../../../domain/rollout/verdict.ts'
import type { Db } from '../../db.ts'
import type { StoredRollout } from '../rollouts.ts'

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

/** Keeps the report of a rollout's own replay, for its gate, its card and the pages. @returns our id of it. */
export async function keepRolloutReplay(db: Db, report: ReplayReport): Promise<string> {
  const { bot, version, against, from, to, hash, verdict } = report
  const { rows } = await sql<{ id: string }>`
    insert into replay_reports (bot, version, against, from_at, to_at, hash, verdict, report, of_rollout)
    values (${bot}, ${version}, ${against}, ${from}, ${to}, ${hash}, ${verdict}, ${JSON.stringify(report)}, true)
    returning id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted report came back without a row')
  return row.id
}

/** The report of a rollout's own replay, which no replay that a person asks for takes the place of; `undefined` before it. */
export async function rolloutReplay(
  db: Db,
  rollout: Pick<StoredRollout, 'bot' | 'version' | 'champion' | 'startedAt'>,
): Promise<KeptReplay | undefined> {
  const { bot, version, champion, startedAt } = rollout
  const { rows } = await sql<Row>`
    select id, verdict, report, created_at from replay_reports
    where bot = ${bot} and version = ${version} and against = ${champion} and of_rollout and created_at >= ${startedAt}
    order by created_at desc, id desc limit 1`.execute(db)
  return rows.map(fromRow)[0]
}

/** The reports of a version, the newest first. */
export async function replaysOf(db: Db, { bot, version }: RolloutKey, limit = 20): Promise<readonly KeptReplay[]> {
  const { rows } = await sql<Row>`
    select id, verdict, report, created_at from replay_reports
    where bot = ${bot} and version = ${version} order by created_at desc, id desc limit ${limit}`.execute(db)
  return rows.map(fromRow)
}

/** Keeps the report of a replay that a person asked for, under the id that they were given. A second call changes nothing. */
export async function keepRequestedReplay(db: Db, id: string, report: ReplayReport): Promise<void> {
  const { bot, version, against, from, to, hash, verdict } = report
  await sql`
    insert into replay_reports (id, bot, version, against, from_at, to_at, hash, verdict, report)
    values (${id}, ${bot}, ${version}, ${against}, ${from}, ${to}, ${hash}, ${verdict}, ${JSON.stringify(report)})
    on conflict (id) do nothing`.execute(db)
}

/** A kept report by its id, or `undefined`. */
export async function replayById(db: Db, id: string): Promise<KeptReplay | undefined> {
  const { rows } = await sql<Row>`select id, verdict, report, created_at from replay_reports where id = ${id}`.execute(
    db,
  )
  return rows.map(fromRow)[0]
}
