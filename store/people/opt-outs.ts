import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** How a person stands with a bot. */
export interface OptOut {
  readonly optedOut: boolean
  /** Whether the message that was asked about made it so. */
  readonly byThisMessage: boolean
}

/**
 * Keeps what the author of a message wishes, unless a later message of theirs has wished something since. A second call for the
 * same message changes nothing and answers the same.
 * @throws Error when there is no such message.
 */
export async function recordWish(
  db: Db,
  wish: { readonly messageId: string; readonly optedOut: boolean },
): Promise<OptOut> {
  const { messageId, optedOut } = wish
  await sql`
    insert into opt_outs (bot, person_id, opted_out, message_id, wished_at)
    select bot, person_id, ${optedOut}, id, received_at from messages where id = ${messageId}
    on conflict (bot, person_id) do update set
      opted_out = excluded.opted_out, wished_at = excluded.wished_at,
      message_id = case when opt_outs.opted_out = excluded.opted_out then opt_outs.message_id else excluded.message_id end
    where excluded.wished_at > opt_outs.wished_at`.execute(db)
  const { rows } = await sql<OptOut>`
    select opt_outs.opted_out as "optedOut", opt_outs.message_id = messages.id as "byThisMessage"
    from opt_outs join messages using (bot, person_id) where messages.id = ${messageId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('there is no such message')
  return row
}

/** Whether a person wants no answers of a bot. `personId` is our own id of them. */
export async function hasOptedOut(db: Db, bot: string, personId: string): Promise<boolean> {
  const { rows } = await sql<{ readonly optedOut: boolean }>`
    select opted_out as "optedOut" from opt_outs where bot = ${bot} and person_id = ${personId}`.execute(db)
  return rows[0]?.optedOut === true
}
