import type { Db } from '../db.ts'

export interface StoredPicture {
  /** SHA-256 of the original bytes. */
  readonly sha256: string
  readonly format: string
  readonly bytes: number
  readonly width: number
  readonly height: number
}

export interface NormalisedPicture {
  readonly preprocessingVersion: string
  /** SHA-256 of the normalised pixels. */
  readonly sha256: string
}

/** Records a picture, its normalised form and whose message it came with; repeating it changes nothing. */
export async function savePicture(
  db: Db,
  picture: StoredPicture,
  use: { readonly normalised: NormalisedPicture; readonly messageId: string; readonly position: number },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('media')
      .values(picture)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await trx
      .insertInto('normalised_media')
      .values({
        source_sha256: picture.sha256,
        preprocessing_version: use.normalised.preprocessingVersion,
        sha256: use.normalised.sha256,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await trx
      .insertInto('message_media')
      .values({ message_id: use.messageId, position: use.position, sha256: picture.sha256 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** The normalised form of a message's picture, when an earlier attempt has already made it. */
export async function normalisedPictureOf(
  db: Db,
  message: { readonly messageId: string; readonly position: number },
  preprocessingVersion: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('message_media')
    .innerJoin('normalised_media', 'normalised_media.source_sha256', 'message_media.sha256')
    .select('normalised_media.sha256')
    .where('message_media.message_id', '=', message.messageId)
    .where('message_media.position', '=', message.position)
    .where('normalised_media.preprocessing_version', '=', preprocessingVersion)
    .executeTakeFirst()
  return row?.sha256
}
