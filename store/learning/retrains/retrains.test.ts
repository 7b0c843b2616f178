import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBot } from '../../../test/support/bots.ts'
import { withRole } from '../../../test/support/messages/corrections.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { corrected, firstVersion, freezeAll, say, trained } from '../../../test/support/learning/learned-corrections.ts'
import { acceptedCorrections } from '../datasets/accepted-corrections.ts'
import { fixExampleGroup } from '../datasets/example-groups.ts'
import { additionsTo, frozenOf } from '../datasets/frozen-datasets.ts'
import { learningStatusOf } from '../learning-status.ts'
import { registerTrained } from './register-trained.ts'
import { recordJudged, recordTrained, retrainSlot } from './retrain-slots.ts'
import { closeRetrain, openRetrain, retrainOf } from './retrains.ts'

const db = useDatabase()
const bot = 'fedora-finder'
const { learning } = testBot()
const status = () => learningStatusOf(db(), bot, learning)

test('what people settled on is there to learn from, with who stands behind it; load tests and deleted messages are not', async () => {
  await firstVersion(db())
  const one = await corrected(db(), ['U1', 'U2'])
  const gone = await corrected(db(), ['U1', 'U2'])
  await corrected(db(), ['U3'])
  await corrected(db(), ['U1', 'U2'], { synthetic: true })
  await db().updateTable('messages').set({ deleted_at: new Date() }).where('id', '=', gone.id).execute()
  await withRole(db(), 'REVIEWER', 'reviewer')
  const sure = await corrected(db(), ['REVIEWER'])
  const found = await acceptedCorrections(db(), bot)
  assert.deepEqual(
    found.map(({ messageId, people, reviewer }) => [messageId, people.length, reviewer]),
    [
      [one.id, 2, false],
      [sure.id, 1, true],
    ],
  )
  const { accepted, people, reviewersBatch, nextNumber } = await status()
  assert.deepEqual(
    { accepted, people, reviewersBatch, nextNumber },
    {
      accepted: 2,
      people: 3,
      reviewersBatch: false,
      nextNumber: 1,
    },
  )
})

test('one retrain at a time: another number is refused until the first one has ended, and an end stands', async () => {
  const open = (number: number) => openRetrain(db(), { bot, number, reason: 'person' })
  assert.equal((await open(1))?.state, 'running')
  assert.equal((await open(1))?.state, 'running')
  assert.equal(await open(2), undefined)
  assert.deepEqual((await status()).running, 1)
  assert.equal(await closeRetrain(db(), { bot, number: 1 }, { state: 'failed', outcome: 'the disk is full' }), true)
  assert.equal(await closeRetrain(db(), { bot, number: 1 }, { state: 'succeeded', outcome: 'late' }), false)
  assert.equal((await retrainOf(db(), { bot, number: 1 }))?.outcome, 'the disk is full')
  const { running, nextNumber, coolDownUntil = 0, accepted } = await status()
  // A retrain that came to nothing has learned from nothing.
  assert.deepEqual([running, nextNumber, accepted], [undefined, 2, 2])
  assert(coolDownUntil > Date.now())
})

test('what was frozen first stands, and a registration that is repeated gives the same numbers', async () => {
  await openRetrain(db(), { bot, number: 2, reason: 'corrections' })
  await freezeAll(db(), 2, { root: 'second' })
  await freezeAll(db(), 2, { root: 'another' })
  const kept = await frozenOf(db(), { bot, number: 2 })
  assert.deepEqual(kept, { root: 'second', size: 10, added: 2, slots: ['main'] })
  assert.deepEqual(await additionsTo(db(), 'second'), { corrections: 2, people: 3 })
  const slot = { bot, number: 2, slot: 'main' }
  await recordTrained(db(), slot, { 'weights.bin': 'first' })
  await recordTrained(db(), slot, { 'weights.bin': 'late' })
  assert.deepEqual((await retrainSlot(db(), slot)).versionFiles, { 'weights.bin': 'first' })
  await recordJudged(db(), slot, { gates: [{ gate: 'golden', verdict: 'pass', why: '6 of 6' }], judged: {} })
  const twice = await Promise.all([1, 2].map(() => registerTrained(db(), { bot, number: 2 }, [trained('second')])))
  assert.deepEqual(twice[0], twice[1])
  await closeRetrain(db(), { bot, number: 2 }, { state: 'succeeded', outcome: 'version 2' })
  // Whether or not that version ever goes live, the same dataset would give the same one again.
  assert.deepEqual([(await status()).accepted, (await status()).nextNumber], [0, 3])
})

test('a correction that comes afterwards counts, and one that a reviewer takes back does not', async () => {
  const { ref } = await corrected(db(), ['U4', 'U5'])
  assert.equal((await status()).accepted, 1)
  await say(db(), ref, { people: ['REVIEWER'], label: 'fedora' })
  assert.equal((await status()).accepted, 0)
})

test("an input's group is decided once", async () => {
  const group = { inputSha256: 'a', groupKey: 'a', heldOut: true }
  assert.deepEqual(await fixExampleGroup(db(), bot, group), { ...group, fingerprint: undefined })
  assert.equal((await fixExampleGroup(db(), bot, { ...group, groupKey: 'b', heldOut: false })).heldOut, true)
})
