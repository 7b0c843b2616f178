import { sql } from 'kysely'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import type { Db } from '../db.ts'

/** What a page shows of an input. A picture that moderation has not let through is named and not shown. */
export type ShownInput =
  | { readonly kind: 'picture'; readonly sha256: string; readonly shown: boolean }
  | { readonly kind: 'text'; readonly text: string }

interface Row {
  readonly message_id: string
  readonly position: number
  readonly text: string
  readonly sha256: string | null
  readonly shown: boolean
}

/** What was asked about in these predictions, by their ids. Those whose message is gone are left out. */
export async function inputsShown(db: Db, refs: readonly PredictionRef[]): Promise<ReadonlyMap<string, ShownInput>> {
  if (refs.length === 0) return new Map()
  const wanted = JSON.stringify(refs.map(({ messageId, position }) => ({ id: messageId, position })))
  const { rows } = await sql<Row>`
    select messages.id as message_id, wanted.position, text, message_media.sha256,
           coalesce(moderations.verdict = 'shown', false) as shown
    from jsonb_to_recordset(${wanted}::jsonb) as wanted (id uuid, position int)
    join messages on messages.id = wanted.id and messages.deleted_at is null
    left join message_media on message_media.message_id = wanted.id and message_media.position = wanted.position
    left join moderations on moderations.sha256 = message_media.sha256`.execute(db)
  return new Map(
    rows.map(({ message_id: messageId, position, text, sha256, shown }) => [
      predictionId({ messageId, position }),
      sha256 === null ? { kind: 'text', text } : { kind: 'picture', sha256, shown },
    ]),
  )
}

/** The latest different inputs that people sent to a bot, by SHA-256 of the normalised form; no load tests, and nothing that is gone. */
export async function recentInputs(db: Db, bot: string, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ input_sha256: string }>`
    select input_sha256 from scores join messages on messages.id = scores.message_id
    where messages.bot = ${bot} and messages.deleted_at is null and not messages.synthetic
    group by input_sha256 order by max(scores.started_at) desc limit ${limit}`.execute(db)
  return rows.map((row) => row.input_sha256)
}
