import { sql } from 'kysely'
import type { ReplyAddress } from '../../domain/address.ts'
import type { ChannelName } from '../../domain/label.ts'
import type { InboundMessage, Intent, PictureRef, Subject } from '../../domain/inbound.ts'
import { answerWorkflowId } from '../../domain/keys.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { RefusalCode } from '../../domain/refusals.ts'
import type { Db } from '../db.ts'

/** What the relay and the reconciler need to start a message's workflow. */
export interface StartableMessage {
  readonly id: string
  readonly workflowId: string
  readonly bot: string
  readonly channel: ChannelName
  readonly receivedAt: Date
  /** Older than this, it expires. */
  readonly answerWithinMs?: number | undefined
  /** What kind of place it is answered in. */
  readonly place: ReplyAddress['kind']
  /** Whether it is answered, or its person introduced to another. */
  readonly story: 'answer' | 'match'
}

/** User ids of Slack are unique per workspace only. */
export const workspaceOf = (address: ReplyAddress): string => ('team' in address ? address.team : '')

/** Makes a person's row, under a random id of our own; a second call finds it. */
export async function personOf(
  db: Db,
  who: { readonly channel: ChannelName; readonly workspace: string; readonly platformUserId: string },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into people (channel, workspace, platform_user_id)
    values (${who.channel}, ${who.workspace}, ${who.platformUserId})
    on conflict (channel, workspace, platform_user_id) do update set platform_user_id = excluded.platform_user_id
    returning id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted person came back without a row')
  return row.id
}

/** What is known about a message when its row is made, beside what the person sent. */
export interface Acceptance {
  readonly receivedAt: Date
  /** It will be refused for this, without a look. */
  readonly refusal?: RefusalCode | undefined
  /** Set after a pause: older than this, it expires. */
  readonly answerWithinMs?: number | undefined
  /** `answer` when it is left out. */
  readonly story?: StartableMessage['story']
}

/** Makes the message's row, and its author's, under ids of our own; a second call finds what the first one made. */
export async function acceptMessage(
  db: Db,
  message: InboundMessage,
  options: Acceptance & { readonly newId: string },
): Promise<StartableMessage> {
  const { receivedAt, refusal, answerWithinMs, newId, story = 'answer' } = options
  const workflowId = answerWorkflowId(message.bot, message.channel, message.businessKey)
  const { rows } = await sql<{ id: string; workflow_id: string }>`
    with person as (
      insert into people (channel, workspace, platform_user_id)
      values (${message.channel}, ${workspaceOf(message.address)}, ${message.authorId})
      on conflict (channel, workspace, platform_user_id) do update set platform_user_id = excluded.platform_user_id
      returning id
    )
    insert into messages (id, bot, channel, business_key, workflow_id, person_id, address, text, pictures, sent_at, received_at,
                          intent, subject, refusal, synthetic, answer_within_ms)
    select ${newId}, ${message.bot}, ${message.channel}, ${message.businessKey}, ${workflowId}, person.id,
           ${JSON.stringify(message.address)}, ${message.text}, ${JSON.stringify(message.pictures)}, ${message.sentAt}, ${receivedAt},
           ${story === 'match' ? 'none' : (message.intent ?? 'ask')}, ${message.subject ? JSON.stringify(withTrigger(message)) : null}, ${refusal ?? null},
           ${message.synthetic ?? false}, ${answerWithinMs ?? null}
    from person
    on conflict (business_key) do update set business_key = excluded.business_key
    returning id, workflow_id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted message came back without a row')
  const { bot, channel, address } = message
  return {
    id: row.id,
    workflowId: row.workflow_id,
    bot,
    channel,
    place: address.kind,
    receivedAt,
    answerWithinMs,
    story,
  }
}

/** A trigger belongs to the look for a picture: it opens a form when there is none. */
const withTrigger = ({ subject, triggerId }: InboundMessage) => ({ ...subject, ...(triggerId && { triggerId }) })

/** A message as its steps need it. */
export interface StoredMessage {
  readonly id: string
  readonly workflowId: string
  readonly message: InboundMessage
  readonly outcome: Outcome | null
  /** Why it is refused, when that was known before it was looked at. */
  readonly refusal: RefusalCode | null
  /** Our own random id of the author. */
  readonly personId: string
}

interface MessageRow {
  readonly workflow_id: string
  readonly outcome: Outcome | null
  readonly bot: string
  readonly channel: ChannelName
  readonly business_key: string
  readonly person_id: string
  readonly platform_user_id: string
  readonly address: ReplyAddress
  readonly text: string
  readonly pictures: readonly PictureRef[]
  readonly sent_at: Date
  readonly intent: Intent
  readonly subject: (Subject & { readonly triggerId?: string }) | null
  readonly refusal: RefusalCode | null
  readonly synthetic: boolean
}

function inboundOf(row: MessageRow): InboundMessage {
  const { triggerId, ...subject } = row.subject ?? {}
  return {
    bot: row.bot,
    channel: row.channel,
    businessKey: row.business_key,
    authorId: row.platform_user_id,
    address: row.address,
    text: row.text,
    pictures: row.pictures,
    sentAt: row.sent_at.toISOString(),
    intent: row.intent,
    ...(row.subject && { subject: subject as Subject }),
    ...(triggerId !== undefined && { triggerId }),
    synthetic: row.synthetic,
  }
}

/** @throws Error when there is no such message: a workflow never runs before its row is committed. */
export async function messageById(db: Db, id: string): Promise<StoredMessage> {
  const { rows } = await sql<MessageRow>`
    select workflow_id, outcome, bot, messages.channel, business_key, person_id, platform_user_id, address, text, pictures,
           sent_at, intent, subject, refusal, synthetic
    from messages join people on people.id = person_id where messages.id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('there is no such message')
  const { workflow_id: workflowId, outcome, refusal, person_id: personId } = row
  return { id, workflowId, outcome, refusal, personId, message: inboundOf(row) }
}

/** Records how a message ended; the first recorded outcome stays. */
export async function finishMessage(
  db: Db,
  id: string,
  end: { readonly outcome: Outcome; readonly reason?: string },
): Promise<void> {
  await db
    .updateTable('messages')
    .set({ outcome: end.outcome, outcome_reason: end.reason ?? null, finished_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .execute()
}

/**
 * Messages without an outcome that have been waiting for at least `olderThanMs`, oldest first, after `afterId` in a sweep:
 * what the reconciler compares with Temporal.
 */
export async function unfinishedMessages(
  db: Db,
  options: { readonly olderThanMs: number; readonly limit: number; readonly after?: StartableMessage },
): Promise<readonly StartableMessage[]> {
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'workflow_id', 'bot', 'channel', 'received_at', 'answer_within_ms', 'intent'])
    .select(sql<ReplyAddress['kind']>`address ->> 'kind'`.as('place'))
    .where('outcome', 'is', null)
    .where('received_at', '<', sql<Date>`now() - ${options.olderThanMs} * interval '1 millisecond'`)
    .$if(options.after !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', received_at), id) > (${options.after?.receivedAt ?? null}::timestamptz, ${options.after?.id ?? null}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', received_at)`)
    .orderBy('id')
    .limit(options.limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    workflowId: row.workflow_id,
    bot: row.bot,
    channel: row.channel,
    place: row.place,
    receivedAt: row.received_at,
    answerWithinMs: row.answer_within_ms ?? undefined,
    story: row.intent === 'none' ? 'match' : 'answer',
  }))
}

/** How many messages of each bot and channel ended how; `open` has no outcome yet. */
export async function messageCounts(
  db: Db,
): Promise<
  readonly { readonly bot: string; readonly channel: string; readonly outcome: string; readonly count: number }[]
> {
  const rows = await db
    .selectFrom('messages')
    .select(['bot', 'channel', 'outcome', (eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count')])
    .groupBy(['bot', 'channel', 'outcome'])
    .execute()
  return rows.map((row) => ({ ...row, outcome: row.outcome ?? 'open' }))
}
