import { sql } from 'kysely'
import type { Db } from './db.ts'

/**
 * Those of these blobs that a row refers to: pictures and inputs of messages that are not gone, as they came and as models saw
 * them; pictures of profiles; datasets, what their held-out examples look like, and versions; what retrains made. A report or an evidence card names inputs too, of
 * messages alone: they go with their message. A recording's own time ends its row, not the bytes: as long as the message is
 * there, it may be corrected and learned from.
 */
export async function blobsReferredTo(db: Db, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = sql`any(${sha256s}::text[])`
  const isThere = sql`messages.deleted_at is null`
  // Whoever leaves the matching takes their picture along.
  const isShared = sql`${isThere} and not exists (select from profiles where profiles.id = messages.id and removed_at is not null)`
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from message_media join messages on messages.id = message_id
    where sha256 = ${wanted} and ${isThere}
    union
    select normalised_media.sha256 from normalised_media
    join message_media on message_media.sha256 = source_sha256
    join messages on messages.id = message_id
    where normalised_media.sha256 = ${wanted} and ${isThere}
    union
    select input_sha256 from scores join messages on messages.id = message_id
    where input_sha256 = ${wanted} and ${isShared}
    union
    select input_sha256 from recordings join messages on messages.id = message_id
    where input_sha256 = ${wanted} and ${isShared}
    union
    select input_sha256 from blind_questions join messages on messages.id = message_id
    where input_sha256 = ${wanted} and ${isShared}
    union
    select picture ->> 'id' from messages, jsonb_array_elements(pictures) as picture
    where pictures <> '[]' and picture ->> 'id' = ${wanted} and ${isThere}
    union
    -- Uploads whose message has yet to begin, while its bot is paused.
    select picture ->> 'id' from inbound_events, jsonb_path_query(request, '$.message.pictures[*]') as picture
    where started_at is null and request is not null and picture ->> 'id' = ${wanted}
    union
    select picture_sha256 from profiles where picture_sha256 = ${wanted}
    union
    select picture_sha256 from example_inputs where picture_sha256 = ${wanted}
    union
    select value from datasets, jsonb_each_text(files) where value = ${wanted}
    union
    select weights_sha256 from versions where weights_sha256 = ${wanted}
    union
    select value from versions, jsonb_each_text(files) where value = ${wanted}
    union
    select value from retrain_slots, jsonb_each_text(dataset_files) where value = ${wanted}
    union
    select value from retrain_slots, jsonb_each_text(version_files) where value = ${wanted}`.execute(db)
  return new Set(rows.map((row) => row.sha256))
}

/** Whether this database knows any version: an empty one must not tell what a store of blobs is for. */
export async function knowsVersions(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from versions limit 1`.execute(db)
  return rows.length > 0
}
