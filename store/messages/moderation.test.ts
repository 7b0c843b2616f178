import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { savePicture } from './media.ts'
import { acceptMessage } from './messages.ts'
import { isShown, moderationCounts, recordModeration, shownPictures, unjudgedPictures } from './moderation.ts'

const db = useDatabase()
const judge = { model: 'model-1', preprocessingVersion: 'v1' }
const digest = () => randomBytes(32).toString('hex')
const newMessage = async () =>
  (await acceptMessage(db(), messageOnX(), { receivedAt: new Date(), newId: randomUUID() })).id

async function attach(messageId: string, position: number, sha256 = digest()): Promise<string> {
  await savePicture(
    db(),
    { sha256, format: 'png', bytes: 1, width: 1, height: 1 },
    { messageId, position, normalised: { preprocessingVersion: 'v1', sha256: `normalised ${sha256}` } },
  )
  return sha256
}
const judged = (sha256: string, verdict: 'shown' | 'withheld', model = judge.model) =>
  recordModeration(db(), { sha256, verdict, model, scores: { porn: verdict === 'shown' ? 0.1 : 0.9 } })

test('a picture is shown only once it was judged, and not when it is withheld', async () => {
  const messageId = await newMessage()
  const [fine, bad, waiting] = [await attach(messageId, 0), await attach(messageId, 1), await attach(messageId, 2)]
  assert.deepEqual(await shownPictures(db(), messageId), [])
  await judged(fine, 'shown')
  await judged(bad, 'withheld')
  assert.deepEqual(await Promise.all([fine, bad, waiting, 'unknown'].map((each) => isShown(db(), each))), [
    true,
    false,
    false,
    false,
  ])
  assert.deepEqual(await shownPictures(db(), messageId), [{ position: 0, sha256: fine }])
  assert.deepEqual(await moderationCounts(db(), messageId), { pictures: 3, shown: 1, withheld: 1 })
})

test('what was judged is not judged again by the same model, whichever message it comes with', async () => {
  const [first, second] = [await newMessage(), await newMessage()]
  const sha256 = await attach(first, 0)
  await attach(first, 1, sha256)
  await attach(second, 0, sha256)
  const expected = [{ sha256, inputSha256: `normalised ${sha256}` }]
  assert.deepEqual(await unjudgedPictures(db(), first, judge), expected)
  await judged(sha256, 'withheld')
  assert.deepEqual(await unjudgedPictures(db(), first, judge), [])
  assert.deepEqual(await unjudgedPictures(db(), second, judge), [])
  assert.deepEqual(await unjudgedPictures(db(), second, { ...judge, model: 'model-2' }), expected)
})

test('a second word of the same model changes nothing, that of another one replaces it', async () => {
  const sha256 = await attach(await newMessage(), 0)
  await judged(sha256, 'withheld')
  await judged(sha256, 'shown')
  assert.equal(await isShown(db(), sha256), false)
  await judged(sha256, 'shown', 'model-2')
  assert.equal(await isShown(db(), sha256), true)
  const row = await db().selectFrom('moderations').selectAll().where('sha256', '=', sha256).executeTakeFirstOrThrow()
  assert.deepEqual([row.model, row.scores], ['model-2', { porn: 0.1 }])
})

test('a picture without the normalised form that the model reads waits', async () => {
  const messageId = await newMessage()
  await attach(messageId, 0)
  assert.deepEqual(await unjudgedPictures(db(), messageId, { ...judge, preprocessingVersion: 'v2' }), [])
})
