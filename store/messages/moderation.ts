import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { Tables } from '../tables.ts'

type Verdict = Tables['moderations']['verdict']

/** A picture that is to be judged. */
export interface UnjudgedPicture {
  /** SHA-256 of the original bytes. */
  readonly sha256: string
  /** SHA-256 of its normalised form, which is what is looked at. */
  readonly inputSha256: string
}

/** The pictures of a message that this model has not judged yet, each once. */
export async function unjudgedPictures(
  db: Db,
  messageId: string,
  judge: { readonly model: string; readonly preprocessingVersion: string },
): Promise<readonly UnjudgedPicture[]> {
  return db
    .selectFrom('message_media')
    .innerJoin('normalised_media', 'normalised_media.source_sha256', 'message_media.sha256')
    .leftJoin('moderations', (join) =>
      join.onRef('moderations.sha256', '=', 'message_media.sha256').on('moderations.model', '=', judge.model),
    )
    .select(['message_media.sha256', 'normalised_media.sha256 as inputSha256'])
    .distinct()
    .where('message_media.message_id', '=', messageId)
    .where('normalised_media.preprocessing_version', '=', judge.preprocessingVersion)
    .where('moderations.sha256', 'is', null)
    .orderBy('message_media.sha256')
    .execute()
}

/** Records what a model said of a picture, in place of what another model said; the same model's first word stands. */
export async function recordModeration(
  db: Db,
  judged: {
    readonly sha256: string
    readonly verdict: Verdict
    readonly scores: Readonly<Record<string, number>>
    readonly model: string
  },
): Promise<void> {
  const { sha256, verdict, model } = judged
  const said = { verdict, model, scores: JSON.stringify(judged.scores) }
  await db
    .insertInto('moderations')
    .values({ sha256, ...said })
    .onConflict((conflict) =>
      conflict
        .column('sha256')
        .doUpdateSet({ ...said, judged_at: sql<Date>`now()` })
        .where('moderations.model', '!=', model),
    )
    .execute()
}

/** How many pictures a message has, and what was said of them; those that are in neither count are not judged yet. */
export interface ModerationCounts {
  readonly pictures: number
  readonly shown: number
  readonly withheld: number
}

export async function moderationCounts(db: Db, messageId: string): Promise<ModerationCounts> {
  const verdicts = await db
    .selectFrom('message_media')
    .leftJoin('moderations', 'moderations.sha256', 'message_media.sha256')
    .select('moderations.verdict')
    .where('message_media.message_id', '=', messageId)
    .execute()
  const count = (wanted: Verdict) => verdicts.filter(({ verdict }) => verdict === wanted).length
  return { pictures: verdicts.length, shown: count('shown'), withheld: count('withheld') }
}

/** Whether a picture, by the SHA-256 of its original bytes, may be shown to others; not before it was judged. */
export async function isShown(db: Db, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('moderations')
    .select('sha256')
    .where('sha256', '=', sha256)
    .where('verdict', '=', 'shown')
    .executeTakeFirst()
  return row !== undefined
}

/** The pictures of a message that may be shown to others, in their places; `sha256` is that of the original bytes. */
export async function shownPictures(
  db: Db,
  messageId: string,
): Promise<readonly { readonly position: number; readonly sha256: string }[]> {
  return db
    .selectFrom('message_media')
    .innerJoin('moderations', 'moderations.sha256', 'message_media.sha256')
    .select(['message_media.position', 'message_media.sha256'])
    .where('message_media.message_id', '=', messageId)
    .where('moderations.verdict', '=', 'shown')
    .orderBy('message_media.position')
    .execute()
}
