import { sql } from 'kysely'
import type { ChannelName } from '../domain/bot.ts'
import type { InboundMessage, PictureRef, ReplyAddress } from '../domain/inbound.ts'
import { answerWorkflowId } from '../domain/keys.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Db } from './db.ts'
import type { WaitingEvent } from './inbound-events.ts'

/** What the relay and the reconciler need to start a message's workflow. */
export interface StartableMessage {
  readonly id: string
  readonly workflowId: string
  readonly bot: string
  readonly channel: ChannelName
  readonly receivedAt: Date
}

const workspaceOf = (message: InboundMessage) => (message.address.kind === 'slack-thread' ? message.address.team : '')

/** Makes the message's row, and its author's, under ids of our own; a second call finds what the first one made. */
export async function acceptMessage(db: Db, event: WaitingEvent, newId: string): Promise<StartableMessage> {
  const { message, receivedAt } = event
  const workflowId = answerWorkflowId(message.bot, message.channel, message.businessKey)
  const { rows } = await sql<{ id: string }>`
    with person as (
      insert into people (channel, workspace, platform_user_id)
      values (${message.channel}, ${workspaceOf(message)}, ${message.authorId})
      on conflict (channel, workspace, platform_user_id) do update set platform_user_id = excluded.platform_user_id
      returning id
    )
    insert into messages (id, bot, channel, business_key, workflow_id, person_id, address, text, pictures, sent_at, received_at)
    select ${newId}, ${message.bot}, ${message.channel}, ${message.businessKey}, ${workflowId}, person.id,
           ${JSON.stringify(message.address)}, ${message.text}, ${JSON.stringify(message.pictures)}, ${message.sentAt}, ${receivedAt}
    from person
    on conflict (business_key) do update set business_key = excluded.business_key
    returning id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an inserted message came back without a row')
  return { id: row.id, workflowId, bot: message.bot, channel: message.channel, receivedAt }
}

/** A message as its steps need it. `authorId` is not part of it: nobody after the door needs the platform's user id. */
export interface StoredMessage {
  readonly id: string
  readonly workflowId: string
  readonly message: InboundMessage
  readonly outcome: Outcome | null
}

interface MessageRow {
  readonly workflow_id: string
  readonly outcome: Outcome | null
  readonly bot: string
  readonly channel: ChannelName
  readonly business_key: string
  readonly platform_user_id: string
  readonly address: ReplyAddress
  readonly text: string
  readonly pictures: readonly PictureRef[]
  readonly sent_at: Date
}

/** @throws Error when there is no such message: a workflow never runs before its row is committed. */
export async function messageById(db: Db, id: string): Promise<StoredMessage> {
  const { rows } = await sql<MessageRow>`
    select workflow_id, outcome, bot, messages.channel, business_key, platform_user_id, address, text, pictures, sent_at
    from messages join people on people.id = person_id where messages.id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('there is no such message')
  return {
    id,
    workflowId: row.workflow_id,
    outcome: row.outcome,
    message: {
      bot: row.bot,
      channel: row.channel,
      businessKey: row.business_key,
      authorId: row.platform_user_id,
      address: row.address,
      text: row.text,
      pictures: row.pictures,
      sentAt: row.sent_at.toISOString(),
    },
  }
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
    .select(['id', 'workflow_id', 'bot', 'channel', 'received_at'])
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
    receivedAt: row.received_at,
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
