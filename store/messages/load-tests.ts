import { sql } from 'kysely'
import type { Outcome } from '../../domain/outcome.ts'
import type { Db } from '../db.ts'

/** How a message of a load test ended. */
export interface FinishedSynthetic {
  readonly businessKey: string
  readonly outcome: Outcome
  readonly tookMs: number
  /** Its reply has an id that the `http` channel did not make: it has left the house. */
  readonly sentOutside: boolean
}

/** Those of these synthetic messages that have an outcome. */
export async function finishedSynthetic(
  db: Db,
  businessKeys: readonly string[],
): Promise<readonly FinishedSynthetic[]> {
  const { rows } = await sql<{ business_key: string; outcome: Outcome; took_ms: number; outside: boolean }>`
    select business_key, outcome, (extract(epoch from finished_at - received_at) * 1000)::float8 as took_ms,
           exists (select from replies
                   where message_id = messages.id and platform_id is not null and platform_id not like 'http-%') as outside
    from messages
    where business_key = any(${businessKeys}) and synthetic and outcome is not null and finished_at is not null`.execute(
    db,
  )
  return rows.map((row) => ({
    businessKey: row.business_key,
    outcome: row.outcome,
    tookMs: row.took_ms,
    sentOutside: row.outside,
  }))
}
