import { sql } from 'kysely'
import type { InboundDeletion } from '../../domain/inbound.ts'
import { letGoOf } from '../blind/let-go.ts'
import type { Db } from '../db.ts'

/**
 * A person took a message back: its words and the places of its pictures are deleted here, and its corrections may not be
 * learned from. Nobody is asked about it any more, and posts that ask lose its words. What was answered stays answered. Its bytes
 * are removed within two days by the sweep of blobs, unless somebody else has sent the same.
 */
export async function deleteMessage(db: Db, deletion: InboundDeletion): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: string }>`
      update messages set text = '', pictures = '[]', subject = null, deleted_at = coalesce(deleted_at, now())
      where business_key = ${deletion.of} returning id`.execute(trx)
    const [row] = rows
    if (row === undefined) return
    await sql`update corrections set state = 'quarantined', revision = revision + 1 where message_id = ${row.id}`.execute(
      trx,
    )
    await sql`delete from recordings where message_id = ${row.id}`.execute(trx)
    await sql`delete from message_media where message_id = ${row.id}`.execute(trx)
    await letGoOf(trx, row.id)
    await sql`update inbound_events set request = jsonb_set(request, '{message,text}', '""')
              where business_key = ${deletion.of} and request ->> 'kind' = 'message'`.execute(trx)
  })
}
