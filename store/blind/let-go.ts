import { sql } from 'kysely'
import { takenBackText } from '../../domain/words/correction-words.ts'
import type { Trx } from '../db.ts'

/** A question is closed without a label and lets go of its message and its input: another one may be about them. */
export const lettingGo = sql`closed_at = coalesce(closed_at, now()), message_id = null, input_sha256 = null`

/** What a post that asks says, without its first line: that is what it asks about. */
export const withoutQuote = sql`regexp_replace(replies.text, '^[^\n]*', ${takenBackText})`

/**
 * A message is not to be shown any more: nobody is asked about it, and its posts lose its words; in Slack too when posts are
 * closed next, those of settled questions once more.
 */
export async function letGoOf(trx: Trx, messageId: string): Promise<void> {
  await sql`update replies set text = ${withoutQuote} where message_id = ${messageId} and kind = 'question'`.execute(
    trx,
  )
  await sql`update questions set closed_at = coalesce(closed_at, now()), quotes_deleted = true
            where message_id = ${messageId}`.execute(trx)
  await sql`
    update blind_questions set post_closed_at = null
    where id in (select blind_questions.id from replies join blind_questions on replies.key = 'blind:' || blind_questions.id
                 where replies.message_id = ${messageId})`.execute(trx)
  await sql`update blind_questions set ${lettingGo} where message_id = ${messageId} and closed_at is null`.execute(trx)
}
