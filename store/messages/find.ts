import { sql } from 'kysely'
import { answerWorkflowId } from '../../domain/keys.ts'
import type { Db } from '../db.ts'
import { type MessageSummary, selectSummaries } from '../reports.ts'

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** The platform's id of a post, as links and people write it. */
function postIn(name: string): string | undefined {
  const slack = /\/p(\d{10})(\d{6})(?:\D|$)/.exec(name)
  return slack ? `${slack[1]}.${slack[2]}` : /(?:^|\D)(\d{8,20}(?:\.\d{6})?)(?:\D|$)/.exec(name)?.[1]
}

/**
 * Messages by anything that names one: our id, a prediction's, the id of a question over HTTP, the workflow's (that of a
 * correction too), the platform's id of a post or reply, or a link to it.
 */
export async function findMessages(db: Db, name: string): Promise<readonly MessageSummary[]> {
  const id = uuid.exec(name)?.[0] ?? null
  const post = id === null ? (postIn(name) ?? name) : name
  const where = sql`
    messages.id = ${id}::uuid or workflow_id = ${name} or business_key = ${name}
    or (messages.channel = 'http' and right(business_key, 37) = '.' || ${id})
    or business_key like '%.' || ${post.replaceAll(/[\\%_]/g, String.raw`\$&`)}
    or address ->> 'threadTs' = ${post} or address ->> 'postId' = ${post} or address ->> 'messageId' = ${post}
    or exists (select 1 from replies where message_id = messages.id and platform_id = ${post})`
  return (await selectSummaries(where, sql`limit 20`).execute(db)).rows
}

interface WaitingRow {
  readonly bot: string
  readonly business_key: string
  readonly text: string
  readonly pictures: number
  readonly sent_at: string
  readonly received_at: Date
  readonly cursor: string
}

/** A question over HTTP whose workflow is not started yet, because the relay or the bot rests. */
async function waitingQuestion(db: Db, id: string, keys: readonly string[]): Promise<MessageSummary | undefined> {
  const { rows } = await sql<WaitingRow>`
    select bot, business_key, left(request #>> '{message,text}', 120) as text, request #>> '{message,sentAt}' as sent_at,
           jsonb_array_length(request #> '{message,pictures}') as pictures, received_at, received_at::text as cursor
    from inbound_events
    where business_key = any(${keys}) and channel = 'http' and request ->> 'kind' = 'message'`.execute(db)
  const [row] = rows
  return (
    row && {
      ...{ id, bot: row.bot, channel: 'http', workflowId: answerWorkflowId(row.bot, 'http', row.business_key) },
      ...{ sentAt: new Date(row.sent_at), receivedAt: row.received_at, text: row.text, pictures: row.pictures },
      ...{ outcome: null, outcomeReason: null, answerMs: null, answer: null, correction: null },
      ...{ synthetic: false, cursor: row.cursor },
    }
  )
}

/**
 * One message by our id of it, or by the id that whoever asked one of `bots` over HTTP was given; such a question is there
 * from the moment at which it was committed.
 */
export async function summaryOf(db: Db, id: string, bots: readonly string[]): Promise<MessageSummary | undefined> {
  const keys = bots.map((bot) => `${bot}.${id}`)
  const where = sql`messages.id = ${id} or business_key = any(${keys})`
  const { rows } = await selectSummaries(where, sql`limit 1`).execute(db)
  return rows[0] ?? (await waitingQuestion(db, id, keys))
}
