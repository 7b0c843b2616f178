import { type RawBuilder, sql } from 'kysely'
import type { CorrectionState } from '../domain/correction.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Db } from './db.ts'

/** One message as lists show it. `answer` is that of its first picture or text. */
export interface MessageSummary {
  readonly id: string
  readonly bot: string
  readonly channel: string
  readonly workflowId: string
  readonly sentAt: Date
  readonly receivedAt: Date
  readonly outcome: Outcome | null
  readonly outcomeReason: string | null
  readonly answerMs: number | null
  readonly pictures: number
  readonly text: string
  readonly answer: {
    readonly label: string
    readonly confidence: number
    readonly known: boolean
    readonly unsure: boolean
  } | null
  readonly correction: CorrectionState | null
  readonly synthetic: boolean
  /** Its place in the list, newest first: the next page goes on from it. */
  readonly cursor: string
}

export interface MessageFilter {
  readonly bot?: string | undefined
  /** Those of these bots only; of all bots when it is left out. */
  readonly bots?: readonly string[] | undefined
  readonly channel?: string | undefined
  /** `open`: without an outcome. */
  readonly outcome?: Outcome | 'open' | undefined
  readonly correction?: CorrectionState | undefined
  /** Looked for in the text. */
  readonly q?: string | undefined
  readonly since?: Date | undefined
  /** A cursor, for the next page; or a time in ISO 8601. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Messages as lists show them, newest first; `where` may use the tables `messages`, `choices` and `corrections`. */
export const selectSummaries = (where: RawBuilder<unknown>, tail: RawBuilder<unknown>) => sql<MessageSummary>`
  select messages.id, messages.bot, messages.channel, workflow_id as "workflowId", sent_at as "sentAt",
         received_at as "receivedAt", outcome, outcome_reason as "outcomeReason", synthetic,
         (extract(epoch from finished_at - received_at) * 1000)::float8 as "answerMs",
         (select count(*)::int from message_media where message_id = messages.id) as pictures,
         left(text, 120) as text,
         to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || messages.id as cursor,
         corrections.state as correction,
         case when choices.message_id is not null then jsonb_build_object(
           'label', choices.label, 'confidence', choices.confidence, 'known', choices.known, 'unsure', choices.unsure
         ) end as answer
  from messages
  left join choices on choices.message_id = messages.id and choices.position = 0
  left join corrections on corrections.message_id = messages.id and corrections.position = 0
  where ${where} order by received_at desc, messages.id desc ${tail}`

/** Conditions joined by `and`; those that are left out do not restrict. */
export const all = (conditions: readonly (RawBuilder<unknown> | undefined)[]) =>
  sql.join([sql`true`, ...conditions.filter((condition) => condition !== undefined)], sql` and `)

const lowestId = '00000000-0000-0000-0000-000000000000'

/** What comes after a cursor, or was received before a time. */
function after(cursor: string): RawBuilder<unknown> {
  const [at = '', id = lowestId] = cursor.split('_')
  return sql`(received_at, messages.id) < (${at}::timestamptz, ${id}::uuid)`
}

/** The newest messages that fit. */
export async function messageSummaries(db: Db, filter: MessageFilter): Promise<readonly MessageSummary[]> {
  const { bot, bots, channel, outcome, correction, q, since, before } = filter
  const where = all([
    bot ? sql`messages.bot = ${bot}` : undefined,
    bots && sql`messages.bot = any(${bots})`,
    channel ? sql`messages.channel = ${channel}` : undefined,
    outcome === 'open' ? sql`outcome is null` : outcome && sql`outcome = ${outcome}`,
    correction && sql`corrections.state = ${correction}`,
    q ? sql`text ilike ${`%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}` : undefined,
    since && sql`received_at >= ${since}`,
    before ? after(before) : undefined,
  ])
  return (await selectSummaries(where, sql`limit ${filter.limit}`).execute(db)).rows
}

/** How a bot does today (since midnight UTC), load tests left out. */
export interface BotFigures {
  readonly bot: string
  readonly messages: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
  readonly expired: number
  readonly open: number
  readonly median: number | null
  readonly p95: number | null
  readonly oldestOpenMs: number | null
}

export async function botFigures(db: Db): Promise<ReadonlyMap<string, BotFigures>> {
  const { rows } = await sql<BotFigures>`
    select bot, count(*)::int as messages,
      count(*) filter (where outcome = 'answered')::int as answered, count(*) filter (where outcome = 'refused')::int as refused,
      count(*) filter (where outcome = 'failed')::int as failed, count(*) filter (where outcome = 'expired')::int as expired,
      count(*) filter (where outcome is null)::int as open,
      percentile_cont(0.5) within group (order by extract(epoch from finished_at - received_at) * 1000)
        filter (where outcome = 'answered') as median,
      percentile_cont(0.95) within group (order by extract(epoch from finished_at - received_at) * 1000)
        filter (where outcome = 'answered') as p95,
      (extract(epoch from now() - min(received_at) filter (where outcome is null)) * 1000)::float8 as "oldestOpenMs"
    from messages where received_at >= date_trunc('day', now(), 'UTC') and not synthetic and intent != 'score-only'
    group by bot`.execute(db)
  return new Map(rows.map((row) => [row.bot, row]))
}
