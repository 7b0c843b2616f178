import type { Blobs } from '../../adapters/blobs/files.ts'
import { pictureInput } from '../../domain/model/preprocessing.ts'
import type { Moderator } from '../../models/moderation/moderator.ts'
import type { Db } from '../../store/db.ts'
import {
  moderationCounts,
  recordModeration,
  type UnjudgedPicture,
  unjudgedPictures,
} from '../../store/messages/moderation.ts'
import type { MessageRef, Moderated } from '../contract.ts'

export interface ModerateDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  readonly moderator: Pick<Moderator, 'model' | 'judge'>
}

async function moderateOne(deps: ModerateDeps, picture: UnjudgedPicture): Promise<void> {
  const judgement = await deps.moderator.judge(await deps.blobs.get(picture.inputSha256))
  await recordModeration(deps.db, {
    sha256: picture.sha256,
    model: deps.moderator.model,
    ...judgement,
  })
}

/**
 * `moderatePictures`: judges every picture of a message that was not judged yet, so that it can be decided whether other
 * people see it. One that fails does not keep the others from being judged; then the whole is tried again.
 */
export const createModeratePictures =
  (deps: ModerateDeps) =>
  async ({ messageId }: MessageRef): Promise<Moderated> => {
    const judge = { model: deps.moderator.model, preprocessingVersion: pictureInput.version }
    const pictures = await unjudgedPictures(deps.db, messageId, judge)
    const ended = await Promise.allSettled(pictures.map((picture) => moderateOne(deps, picture)))
    for (const each of ended) if (each.status === 'rejected') throw each.reason
    return moderationCounts(deps.db, messageId)
  }
