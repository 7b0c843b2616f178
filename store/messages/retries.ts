import { sql } from 'kysely'
import type { ChannelName } from '../../domain/label.ts'
import { appendAudit } from '../audit.ts'
import { type Db, inTransaction } from '../db.ts'
import type { StartableMessage } from './messages.ts'

/**
 * Opens a message again that is open or failed and of which nothing is visible, so that its workflow can run once more. What
 * the platform refused for good may be tried again; what may be visible is looked for first, as always.
 * @param by.isFirst left out or true: with an audit row.
 * @returns the message to start, or `undefined` when there is nothing to do.
 */
export async function reopenMessage(
  db: Db,
  id: string,
  { actor, isFirst = true }: { readonly actor: string; readonly isFirst?: boolean },
): Promise<StartableMessage | undefined> {
  return inTransaction(db, async (trx) => {
    const { rows } = await sql<{
      id: string
      workflow_id: string
      bot: string
      channel: ChannelName
      place: StartableMessage['place']
      received_at: Date
      intent: string
    }>`
      update messages set outcome = null, outcome_reason = null, finished_at = null, received_at = now()
      where id = ${id} and (outcome = 'failed' or outcome is null) and deleted_at is null
        and not exists (select 1 from replies where message_id = ${id} and state = 'sent' and kind in ('choice', 'refusal', 'apology'))
      returning id, workflow_id, bot, channel, address ->> 'kind' as place, received_at, intent`.execute(trx)
    const [row] = rows
    if (row === undefined) return undefined
    // What was to be said instead of an answer was never seen: the answer comes in its place.
    await sql`delete from replies where message_id = ${id} and kind = 'apology'
              and (state = 'undeliverable' or (state = 'intended' and sending_at is null))`.execute(trx)
    await sql`update replies set state = 'intended', sending_at = null
              where message_id = ${id} and state = 'undeliverable'`.execute(trx)
    if (isFirst) await appendAudit(trx, { actor, action: 'message.retried', subject: id, details: {} })
    return {
      id: row.id,
      workflowId: row.workflow_id,
      bot: row.bot,
      channel: row.channel,
      place: row.place,
      receivedAt: row.received_at,
      story: row.intent === 'none' ? 'match' : 'answer',
    }
  })
}
