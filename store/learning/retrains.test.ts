import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answered, cast, voteBy, withRole } from '../../test/support/corrections.ts'
import { testBot } from '../../test/support/bots.ts'
import { useDatabase } from '../../test/support/database.ts'
import { countVote } from '../count-vote.ts'
import type { Db } from '../db.ts'
import { registerVersion, versionsOf } from '../versions.ts'
import { replaceServingSet } from '../serving-sets.ts'
import { saveDataset } from '../datasets.ts'
import { acceptedCorrections } from './accepted-corrections.ts'
import { fixExampleGroup } from './example-groups.ts'
import { additionsTo, frozenOf, recordFrozen } from './frozen-datasets.ts'
import { learningStatusOf } from './learning-status.ts'
import { registerTrained, type TrainedVersion } from './register-trained.ts'
import { recordJudged, recordTrained, retrainSlot } from './retrain-slots.ts'
import { closeRetrain, openRetrain, retrainOf } from './retrains.ts'

const db = useDatabase()
const bot = 'fedora-finder'
const { learning } = testBot()
const rules = { rulesOf: () => testBot().corrections, learnsFrom: () => true }

let inputs = 0
const inputSha256 = () => (inputs += 1).toString(16).padStart(64, '0')

/** An answer "fedora" that these people say is none, with the input that the models saw. */
async function corrected(people: readonly string[], options: { readonly synthetic?: boolean } = {}) {
  const made = await answered(db())
  await db()
    .insertInto('scores')
    .values({
      ...{ message_id: made.id, position: 0, slot: 'main', version: 1, stage: 'live', input_sha256: inputSha256() },
      ...{ label: 'fedora', confidence: 0.7, known: true, probabilities: null, eval_ms: 1, error: null },
    })
    .execute()
  if (options.synthetic === true)
    await db().updateTable('messages').set({ synthetic: true }).where('id', '=', made.id).execute()
  for (const person of people) {
    const target = { kind: 'prediction', ...made.ref } as const
    const { voteId } = await cast(db(), voteBy(person, { target, label: 'no-fedora' }))
    await countVote(db(), voteId, rules)
  }
  return made
}

const status = () => learningStatusOf(db(), bot, learning)

const datasetOf = (root: string, parent?: string) => ({
  ...({ root, bot, family: 'picture-classifier', examplesSha256: 'e', embeddingsSha256: 'f', size: 10 } as const),
  labelCounts: { fedora: 5, 'no-fedora': 5 },
  parent,
})

const trained = (datasetRoot: string): TrainedVersion => ({
  ...{ bot, slot: 'main', family: 'picture-classifier', parent: 1, datasetRoot, weightsSha256: 'w' },
  ...{ files: {}, labels: ['fedora', 'no-fedora'], preprocessingVersion: 'p' },
})

/** The bot's first version, live, unless there is one. */
async function firstVersion(database: Db) {
  await database.transaction().execute(async (trx) => {
    await saveDataset(trx, datasetOf('first'))
    if ((await versionsOf(trx, bot)).length > 0) return
    await registerVersion(trx, { ...trained('first'), version: 1, parent: undefined })
    const member = { slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true } as const
    await replaceServingSet(trx, { bot, set: { policy: 'primary-then-best', members: [member] }, actor: 'test' })
  })
}

async function frozen(number: number, root: string) {
  const corrections = (await acceptedCorrections(db(), bot)).map((each) => ({ ...each, part: 'train' as const }))
  await recordFrozen(db(), {
    retrain: { bot, number },
    dataset: datasetOf(root, 'first'),
    corrections,
    slots: [{ slot: 'main', parent: 1, datasetFiles: { 'examples.json': 'e' } }],
  })
}

test('what people settled on is there to learn from, with who stands behind it; load tests and deleted messages are not', async () => {
  await firstVersion(db())
  const one = await corrected(['U1', 'U2'])
  const gone = await corrected(['U1', 'U2'])
  await corrected(['U3'])
  await corrected(['U1', 'U2'], { synthetic: true })
  await db().updateTable('messages').set({ deleted_at: new Date() }).where('id', '=', gone.id).execute()
  await withRole(db(), 'REVIEWER', 'reviewer')
  const sure = await corrected(['REVIEWER'])
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
  await frozen(2, 'second')
  await frozen(2, 'another')
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
  const { ref } = await corrected(['U4', 'U5'])
  assert.equal((await status()).accepted, 1)
  const target = { kind: 'prediction', ...ref } as const
  const { voteId } = await cast(db(), voteBy('REVIEWER', { target, label: 'fedora' }))
  await countVote(db(), voteId, rules)
  assert.equal((await status()).accepted, 0)
})

test("an input's group is decided once", async () => {
  const group = { inputSha256: 'a', groupKey: 'a', heldOut: true }
  assert.deepEqual(await fixExampleGroup(db(), bot, group), { ...group, fingerprint: undefined })
  assert.equal((await fixExampleGroup(db(), bot, { ...group, groupKey: 'b', heldOut: false })).heldOut, true)
})
