import { sql } from 'kysely'
import { type Alert, openAlerts } from './alerts.ts'
import { type CorrectionSummary, recentCorrections } from './corrections/correction-list.ts'
import type { Db } from './db.ts'
import { type MessageSummary, selectSummaries } from './reports.ts'

/** What happened lately, as it stands now. */
export interface Changes {
  /** Without those of load tests. */
  readonly messages: readonly MessageSummary[]
  readonly corrections: readonly CorrectionSummary[]
  /** All that are open, whenever they began. */
  readonly alerts: readonly Alert[]
}

/** Messages that came, were chosen for or ended within the last `withinMs`. */
async function recentMessages(db: Db, withinMs: number): Promise<readonly MessageSummary[]> {
  const since = sql`now() - ${withinMs} * interval '1 millisecond'`
  const where = sql`not synthetic and messages.id in (
    select id from messages where received_at > ${since}
    union select id from messages where finished_at > ${since}
    union select message_id from corrections where greatest(opened_at, decided_at) > ${since})`
  return (await selectSummaries(where, sql`limit 500`).execute(db)).rows
}

/** What changed within the last `withinMs`, by the database's clock: for those who watch. */
export async function recentChanges(db: Db, withinMs: number): Promise<Changes> {
  const [messages, corrections, alerts] = await Promise.all([
    recentMessages(db, withinMs),
    recentCorrections(db, withinMs),
    openAlerts(db),
  ])
  return { messages, corrections, alerts }
}
