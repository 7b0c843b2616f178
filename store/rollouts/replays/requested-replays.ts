import { sql } from 'kysely'
import type { ReplayReport } from '../../../domain/rollout/replay.ts'
import type { Db } from '../../db.ts'
import type { KeptReplay } from './replay-reports.ts'

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
  const { rows } = await sql<KeptReplay>`
    select id, verdict, report, created_at as "createdAt" from replay_reports where id = ${id}`.execute(db)
  return rows[0]
}
