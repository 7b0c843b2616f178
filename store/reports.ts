import { type RawBuilder, sql } from 'kysely'
import type { CorrectionState } from '../domain/correction.ts'
import type { ReplyAddress } from '../domain/inbound.ts'
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
}

export interface MessageFilter {
  readonly bot?: string | undefined
  readonly channel?: string | undefined
  /** `open`: without an outcome. */
  readonly outcome?: Outcome | 'open' | undefined
  readonly correction?: CorrectionState | undefined
  /** Looked for in the text. */
  readonly q?: string | undefined
  readonly since?: Date | undefined
  /** Received before this, for the next page. */
  readonly before?: Date | undefined
  readonly limit: number
}

const summary = (where: RawBuilder<unknown>, tail: RawBuilder<unknown>) => sql<MessageSummary>`
  select messages.id, messages.bot, messages.channel, workflow_id as "workflowId", sent_at as "sentAt",
         received_at as "receivedAt", outcome, outcome_reason as "outcomeReason", synthetic,
         (extract(epoch from finished_at - received_at) * 1000)::float8 as "answerMs",
         (select count(*)::int from message_media where message_id = messages.id) as pictures,
         left(text, 120) as text, corrections.state as correction,
         case when choices.message_id is not null then jsonb_build_object(
           'label', choices.label, 'confidence', choices.confidence, 'known', choices.known, 'unsure', choices.unsure
         ) end as answer
  from messages
  left join choices on choices.message_id = messages.id and choices.position = 0
  left join corrections on corrections.message_id = messages.id and corrections.position = 0
  where ${where} order by received_at desc, messages.id ${tail}`

const all = (conditions: readonly (RawBuilder<unknown> | undefined)[]) =>
  sql.join([sql`true`, ...conditions.filter((condition) => condition !== undefined)], sql` and `)

/** The newest messages that fit. */
export async function messageSummaries(db: Db, filter: MessageFilter): Promise<readonly MessageSummary[]> {
  const { bot, channel, outcome, correction, q, since, before } = filter
  const where = all([
    bot ? sql`messages.bot = ${bot}` : undefined,
    channel ? sql`messages.channel = ${channel}` : undefined,
    outcome === 'open' ? sql`outcome is null` : outcome && sql`outcome = ${outcome}`,
    correction && sql`corrections.state = ${correction}`,
    q ? sql`text ilike ${`%${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}` : undefined,
    since && sql`received_at >= ${since}`,
    before && sql`received_at < ${before}`,
  ])
  return (await summary(where, sql`limit ${filter.limit}`).execute(db)).rows
}

/** Messages by anything that names one: our id, a prediction's, the workflow's, the platform's id of a post or reply, or a link. */
export async function findMessages(db: Db, name: string): Promise<readonly MessageSummary[]> {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(name)?.[0] ?? null
  const slackTs = /\/p(\d{10})(\d{6})/.exec(name)
  const post = slackTs ? `${slackTs[1]}.${slackTs[2]}` : (/(\d{8,20}(?:\.\d{6})?)\D*$/.exec(name)?.[1] ?? name)
  const where = sql`
    messages.id = ${id}::uuid or workflow_id = ${name} or business_key = ${name}
    or address ->> 'threadTs' = ${post} or address ->> 'postId' = ${post} or address ->> 'messageId' = ${post}
    or exists (select 1 from replies where message_id = messages.id and platform_id = ${post})`
  return (await summary(where, sql`limit 20`).execute(db)).rows
}

export async function summaryOf(db: Db, id: string): Promise<MessageSummary | undefined> {
  return (await summary(sql`messages.id = ${id}`, sql`limit 1`).execute(db)).rows[0]
}

/** What changed since, for those who watch. */
export async function changedMessages(db: Db, since: Date): Promise<readonly MessageSummary[]> {
  return (
    await summary(
      sql`(received_at > ${since} or finished_at > ${since} or corrections.decided_at > ${since}) and not synthetic`,
      sql`limit 100`,
    ).execute(db)
  ).rows
}

/** Everything about one message. Times are ISO 8601. */
export interface MessageDetail {
  readonly text: string
  readonly address: ReplyAddress
  readonly inputs: readonly unknown[]
  readonly replies: readonly unknown[]
}

/** The scores, choices and votes of each picture or text of a message, and its replies, as JSON. */
export async function messageDetail(db: Db, id: string): Promise<MessageDetail | undefined> {
  const { rows } = await sql<MessageDetail>`
    with places as (
      select position from scores where message_id = ${id} union select position from message_media where message_id = ${id}
      union select position from choices where message_id = ${id}
    )
    select text, address,
      coalesce((select jsonb_agg(jsonb_build_object(
        'position', places.position,
        'prediction', ${id}::text || case when places.position = 0 then '' else '_' || places.position end,
        'picture', (select jsonb_build_object('sha256', media.sha256, 'width', width, 'height', height,
                                              'url', '/api/pictures/' || media.sha256)
                    from message_media join media using (sha256) where message_id = ${id} and position = places.position),
        'scores', coalesce((select jsonb_agg(jsonb_build_object('slot', slot, 'version', version, 'stage', stage,
            'label', label, 'confidence', confidence, 'known', known, 'probabilities', probabilities, 'evalMs', eval_ms,
            'attempts', attempts, 'error', error, 'scoredAt', scored_at) order by slot, version)
          from scores where message_id = ${id} and position = places.position), '[]'),
        'choice', (select jsonb_build_object('policy', policy, 'slot', slot, 'version', version, 'label', label,
            'confidence', confidence, 'known', known, 'unsure', unsure, 'reason', reason, 'deadlineHit', deadline_hit,
            'candidates', candidates, 'decidedAt', decided_at)
          from choices where message_id = ${id} and position = places.position),
        'correction', (select jsonb_build_object('state', state, 'label', label, 'decidedBy', decided_by,
            'votes', coalesce((select jsonb_agg(jsonb_build_object('label', votes.label, 'via', via, 'reviewer', reviewer,
                'verdict', verdict, 'at', created_at, 'person', person_id) order by created_at)
              from votes where message_id = ${id} and position = places.position), '[]'))
          from corrections where message_id = ${id} and position = places.position)
      ) order by places.position) from places), '[]') as inputs,
      coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'state', state, 'text', text, 'attempts', attempts,
          'adopted', adopted, 'failure', failure, 'createdAt', created_at, 'sentAt', sent_at, 'platformId', platform_id)
          order by created_at)
        from replies where message_id = ${id}), '[]') as replies
    from messages where id = ${id}`.execute(db)
  return rows[0]
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

/** The newest corrections. */
export async function correctionList(
  db: Db,
  filter: { readonly bot?: string | undefined; readonly state?: CorrectionState | undefined; readonly limit: number },
): Promise<readonly unknown[]> {
  const where = all([
    filter.bot ? sql`corrections.bot = ${filter.bot}` : undefined,
    filter.state && sql`state = ${filter.state}`,
  ])
  const { rows } = await sql`
    select corrections.message_id || case when corrections.position = 0 then '' else '_' || corrections.position end as prediction,
      corrections.message_id as "messageId", corrections.bot, state, corrections.label, choices.label as predicted,
      decided_by as "decidedBy", opened_at as "openedAt", corrections.decided_at as "decidedAt",
      (select count(*)::int from votes where votes.message_id = corrections.message_id
         and votes.position = corrections.position and verdict = 'counted') as votes
    from corrections left join choices using (message_id, position)
    where ${where} order by opened_at desc limit ${filter.limit}`.execute(db)
  return rows
}
