import { sql } from 'kysely'
import type { Outcome } from '../../domain/outcome.ts'
import type { Db } from '../db.ts'
import type { ReplyKind, ReplyState } from '../tables.ts'

/** The row of one reply. The text is that of the first attempt, so every attempt says the same. */
export interface Reply {
  readonly key: string
  /** Absent for what belongs to no message: cards and news. */
  readonly messageId: string | undefined
  readonly kind: ReplyKind
  readonly text: string
  readonly state: ReplyState
  readonly attempts: number
  /** When the latest attempt of unknown delivery began, by the database's clock, and how long ago that is. */
  readonly sending: { readonly since: Date; readonly ageMs: number } | undefined
  readonly platformId: string | undefined
  readonly failure: string | undefined
  readonly createdAt: Date
}

interface Row {
  readonly key: string
  readonly message_id: string | null
  readonly kind: ReplyKind
  readonly text: string
  readonly state: ReplyState
  readonly attempts: number
  readonly sending_at: Date | null
  readonly sending_age_ms: number | null
  readonly platform_id: string | null
  readonly failure: string | null
  readonly created_at: Date
}

const replyOf = (row: Row): Reply => ({
  key: row.key,
  messageId: row.message_id ?? undefined,
  kind: row.kind,
  text: row.text,
  state: row.state,
  attempts: row.attempts,
  sending: row.sending_at === null ? undefined : { since: row.sending_at, ageMs: row.sending_age_ms ?? 0 },
  platformId: row.platform_id ?? undefined,
  failure: row.failure ?? undefined,
  createdAt: row.created_at,
})

/** Writes the intent, or finds the one that an earlier attempt wrote. */
export async function intendReply(db: Db, intent: Pick<Reply, 'key' | 'messageId' | 'kind' | 'text'>): Promise<Reply> {
  const { rows } = await sql<Row>`
    insert into replies (key, message_id, kind, text)
    values (${intent.key}, ${intent.messageId ?? null}, ${intent.kind}, ${intent.text})
    on conflict (key) do update set key = excluded.key
    returning key, message_id, kind, text, state, attempts, sending_at, platform_id, failure, created_at,
              (extract(epoch from now() - sending_at) * 1000)::float8 as sending_age_ms`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted reply came back without a row')
  return replyOf(row)
}

/**
 * Takes the right to make the next attempt, right before the call: `sending_at` is set by it.
 * @returns false when another attempt has taken it since `reply` was read.
 */
export async function beginSending(db: Db, reply: Reply): Promise<boolean> {
  const result = await db
    .updateTable('replies')
    .set({ state: 'sending', sending_at: sql<Date>`now()`, attempts: reply.attempts + 1 })
    .where('key', '=', reply.key)
    .where('attempts', '=', reply.attempts)
    .where('state', 'in', ['intended', 'sending'])
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** A thread in Slack, or, without `threadTs`, everything in a channel. */
export interface ConversationPlace {
  readonly bot: string
  readonly channelId: string
  readonly threadTs?: string
}

/** What a bot has said in a conversation within the last hour. */
export interface Turns {
  /** Its visible replies to messages. */
  readonly said: number
  /** The key of the reply by which it said that it will be silent. */
  readonly noticeKey: string | undefined
}

/** @param noticePrefix how the keys of those replies begin that say that the bot will be silent here. */
export async function turnsIn(db: Db, place: ConversationPlace, noticePrefix: string): Promise<Turns> {
  const { bot, channelId, threadTs } = place
  const { rows } = await sql<{ said: number; notice_key: string | null }>`
    select count(*) filter (where state = 'sent' and not starts_with(key, ${noticePrefix}))::int as said,
           max(key) filter (where starts_with(key, ${noticePrefix})) as notice_key
    from messages join replies on replies.message_id = messages.id
    where messages.channel = 'slack' and address ->> 'channelId' = ${channelId} and bot = ${bot}
      and (${threadTs ?? null}::text is null or address ->> 'threadTs' = ${threadTs ?? null})
      and received_at > now() - interval '25 hours' and kind in ('choice', 'refusal', 'apology')
      and coalesce(replies.sent_at, created_at) > now() - interval '1 hour'`.execute(db)
  return { said: rows[0]?.said ?? 0, noticeKey: rows[0]?.notice_key ?? undefined }
}

/** The latest attempt is certainly not visible: the next one may post at once. */
export async function recordNotSent(db: Db, key: string, failure: string): Promise<void> {
  await db
    .updateTable('replies')
    .set({ state: 'intended', sending_at: null, failure })
    .where('key', '=', key)
    .where('state', '=', 'sending')
    .execute()
}

/** The latest attempt may be visible: `sending_at` stays, so that the next one looks first. */
export async function recordUnknown(db: Db, key: string, failure: string): Promise<void> {
  await db.updateTable('replies').set({ failure }).where('key', '=', key).where('state', '=', 'sending').execute()
}

/** How a message ends by its one reply. The first recorded outcome stays. */
interface Ending {
  readonly outcome?: Outcome
  readonly reason?: string | undefined
}

/** The reply is visible: records that and, when the message ends by it, its outcome in one statement, by the row's own kind. */
export async function recordSent(
  db: Db,
  reply: Pick<Reply, 'key' | 'messageId' | 'kind'>,
  sent: Ending & { readonly platformId: string; readonly adopted: boolean },
): Promise<void> {
  await sql`
    with reply as (
      update replies set state = 'sent', platform_id = ${sent.platformId}, adopted = ${sent.adopted}, sent_at = now(), failure = null
      where key = ${reply.key} and state != 'sent'
    )
    update messages set outcome = ${endedAs(reply, sent)}, outcome_reason = ${sent.reason ?? null}, finished_at = now()
    where id = ${reply.messageId ?? null} and outcome is null and ${sent.outcome !== undefined}`.execute(db)
}

const byKind: Partial<Record<ReplyKind, Outcome>> = { choice: 'answered', refusal: 'refused', apology: 'failed' }

/** An apology after an answer of unknown delivery says the answer: the row knows what was said first. */
const endedAs = (reply: Pick<Reply, 'kind'>, ending: Ending): Outcome =>
  byKind[reply.kind] ?? ending.outcome ?? 'failed'

/** Only one person could see it, and nobody can look it up: it may be visible and is not repeated. */
export async function recordUnconfirmed(
  db: Db,
  reply: Pick<Reply, 'key' | 'messageId' | 'kind'>,
  ending: Ending & { readonly failure: string },
): Promise<void> {
  await sql`
    with reply as (
      update replies set state = 'unconfirmed', failure = ${ending.failure} where key = ${reply.key} and state != 'sent'
    )
    update messages set outcome = ${endedAs(reply, ending)}, outcome_reason = ${ending.reason ?? null}, finished_at = now()
    where id = ${reply.messageId ?? null} and outcome is null and ${ending.outcome !== undefined}`.execute(db)
}

/** The platform will never take this reply: records why, and that the message failed by it when it was to end by it. */
export async function recordUndeliverable(
  db: Db,
  reply: Pick<Reply, 'key' | 'messageId'>,
  options: { readonly failure: string; readonly ends: boolean },
): Promise<void> {
  await sql`
    with reply as (
      update replies set state = 'undeliverable', failure = ${options.failure} where key = ${reply.key} and state != 'sent'
    )
    update messages set outcome = 'failed', outcome_reason = ${options.failure}, finished_at = now()
    where id = ${reply.messageId ?? null} and outcome is null and ${options.ends}`.execute(db)
}
