import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { pictureInput } from '../../domain/model/preprocessing.ts'
import { createModerator } from '../../models/moderation/moderator.ts'
import { plain, skinColouredBalls } from '../../models/moderation/testing/abstract-pictures.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { savePicture } from '../../store/messages/media.ts'
import { acceptMessage } from '../../store/messages/messages.ts'
import { moderationCounts, shownPictures } from '../../store/messages/moderation.ts'
import { useDatabase } from '../../test/support/database.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { createModeratePictures } from './moderate-pictures.ts'

const db = useDatabase()
const folder = await mkdtemp(join(tmpdir(), 'moderation-'))
const blobs = openBlobs(pathToFileURL(folder).href)
const moderator = createModerator(await openTensorflow('auto'), { maxBatch: 4, maxDelayMs: 1 })
after(async () => {
  await moderator.close()
  await rm(folder, { recursive: true })
})

/** A message with pictures; `undefined` is one whose normalised form is lost. @returns its id and the pictures' digests. */
async function messageWith(pictures: readonly (Uint8Array | undefined)[]) {
  const { id } = await acceptMessage(db(), messageOnX(), { receivedAt: new Date(), newId: randomUUID() })
  const digests: string[] = []
  for (const [position, pixels] of pictures.entries()) {
    const sha256 = randomBytes(32).toString('hex')
    const normalised = pixels === undefined ? randomBytes(32).toString('hex') : await blobs.put(pixels)
    await savePicture(
      db(),
      { sha256, format: 'png', bytes: 1, width: 1, height: 1 },
      { messageId: id, position, normalised: { preprocessingVersion: pictureInput.version, sha256: normalised } },
    )
    digests.push(sha256)
  }
  return { id, digests }
}

/** The activity, and how many pictures it has looked at. */
function counted() {
  const looked = { at: 0 }
  const judge = (picture: Uint8Array) => {
    looked.at += 1
    return moderator.judge(picture)
  }
  const deps = { db: db(), blobs, moderator: { model: moderator.model, judge } }
  return { looked, moderate: createModeratePictures(deps) }
}

test('every picture of a message is judged once, and only those that may be are shown', async () => {
  const { looked, moderate } = counted()
  const { id, digests } = await messageWith([plain(255), skinColouredBalls()])
  const counts = { pictures: 2, shown: 1, withheld: 1 }
  assert.deepEqual(await moderate({ messageId: id }), counts)
  assert.deepEqual(await moderate({ messageId: id }), counts)
  assert.equal(looked.at, 2)
  assert.deepEqual(await shownPictures(db(), id), [{ position: 0, sha256: digests[0] }])
})

test('a message without pictures has nothing to judge', async () => {
  const { looked, moderate } = counted()
  assert.deepEqual(await moderate({ messageId: (await messageWith([])).id }), { pictures: 0, shown: 0, withheld: 0 })
  assert.equal(looked.at, 0)
})

test('a picture that cannot be read is not shown, fails the step, and keeps no other from being judged', async () => {
  const { moderate } = counted()
  const { id } = await messageWith([undefined, plain(200)])
  await assert.rejects(moderate({ messageId: id }), { code: 'BlobMissing' })
  assert.deepEqual(await moderationCounts(db(), id), { pictures: 2, shown: 1, withheld: 0 })
})
