import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { readExamples } from '../../models/datasets/examples.ts'
import { pictureOf, smallLabels } from '../../models/testing/small-dataset.ts'
import { learningStatusOf } from '../../store/learning/learning-status.ts'
import { recordTrained } from '../../store/learning/retrains/retrain-slots.ts'
import { registerTrained } from '../../store/learning/retrains/register-trained.ts'
import { closeRetrain, openRetrain } from '../../store/learning/retrains/retrains.ts'
import { reviewCorrection } from '../../store/corrections/review-correction.ts'
import { correctionOf } from '../../store/corrections/corrections.ts'
import { saveDataset } from '../../store/versions/datasets.ts'
import { registerVersion } from '../../store/versions/versions.ts'
import { bot, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { corrected, goLive, say } from '../../test/support/learning/learned-corrections.ts'
import { smallDataset, smallLearning } from '../../test/support/learning/small-learning.ts'
import type { Frozen } from '../learning-contract.ts'
import { createFreezeDataset } from './freeze-dataset.ts'
import { keepFiles, readFiles } from './kept-files.ts'

const db = useDatabase()
const small = 2
/** What these activities throw is looked at; it need not be logged too. */
const quiet = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
let made = 0
const reviewers: string[] = []

/** A picture that no base example has. */
const newPicture = () => pictureOf([(made += 7), 250, 3, made, 250, 3, made, 9])

async function corrects(picture: Uint8Array, label: string, people: readonly string[] = ['REVIEWER']) {
  const inputSha256 = await smallLearning(db()).blobs.put(picture)
  return (await corrected(db(), people, { inputSha256, label })).ref
}

const versionOf = (files: Readonly<Record<string, string>>, datasetRoot: string, parent: number | undefined) => ({
  ...({ bot, slot: 'main', family: 'picture-classifier', parent, datasetRoot, weightsSha256: 'w' } as const),
  ...{ files, labels: smallLabels, preprocessingVersion: 'p' },
})

/** The small version, live; version 1 is that of the real bot. @returns its dataset's root. */
async function begin(): Promise<string> {
  const files = await smallDataset()
  const { root, examples } = readExamples(files)
  const kept = await keepFiles(smallLearning(db()).blobs, files)
  await db()
    .transaction()
    .execute(async (trx) => {
      await saveDataset(trx, {
        root,
        bot,
        family: 'picture-classifier',
        files: kept,
        size: examples.length,
        labelCounts: {},
      })
      await registerVersion(trx, { ...versionOf(kept, root, undefined), version: small })
    })
  await goLive(db(), small)
  reviewers.push(await withRole(db(), 'REVIEWER', 'reviewer'))
  return root
}

let number = 0
/** One retrain up to its dataset. @returns that, or why there is none. */
async function freeze(): Promise<Frozen | string> {
  number += 1
  await openRetrain(db(), { bot, number, reason: 'person' })
  const activity = createFreezeDataset(smallLearning(db()))
  const frozen = (await quiet()
    .run(() => activity({ bot, number }))
    .catch((error: unknown) => (error instanceof Error ? error.message : 'failed'))) as Frozen | string
  if (typeof frozen === 'string') await closeRetrain(db(), { bot, number }, { state: 'failed', outcome: frozen })
  return frozen
}

/** Makes the version of the retrain that has just frozen its dataset the live one. */
async function promote({ root }: Frozen, parent: number): Promise<void> {
  const [files = {}] = (
    await db().selectFrom('retrain_slots').select('dataset_files').where('number', '=', number).execute()
  ).map((row) => row.dataset_files)
  await recordTrained(db(), { bot, number, slot: 'main' }, files)
  const [version = 0] = await registerTrained(db(), { bot, number }, [versionOf(files, root, parent)])
  await closeRetrain(db(), { bot, number }, { state: 'succeeded', outcome: `version ${version}` })
  await goLive(db(), version)
}

/** What people say in the dataset that was frozen last, by prediction. */
async function learned(): Promise<Readonly<Record<string, string>>> {
  const { blobs } = smallLearning(db())
  const [row] = await db().selectFrom('retrain_slots').select('dataset_files').where('number', '=', number).execute()
  const { examples } = readExamples(await readFiles(blobs, row?.dataset_files ?? {}))
  return Object.fromEntries(examples.flatMap((one) => (one.corrections ?? []).map((id) => [id, one.label])))
}

const status = async () => {
  const { learning } = smallLearning(db()).botOf(bot)
  const { accepted, changes } = await learningStatusOf(db(), bot, learning)
  return { accepted, changes }
}
const frozenAs = (result: Frozen | string): Frozen => (typeof result === 'string' ? assert.fail(result) : result)
async function refused(): Promise<string> {
  const result = await freeze()
  return typeof result === 'string' ? result : assert.fail('there is a dataset')
}
const nothingNew = /nothing new to learn from/

const refs: { one?: Awaited<ReturnType<typeof corrects>>; base?: string } = {}
const one = () => refs.one ?? assert.fail('the first test corrects an answer')

test('accepted corrections are beside the base examples, and freezing again gives the same root', async () => {
  refs.base = await begin()
  assert.match(await refused(), nothingNew)
  refs.one = await corrects(newPicture(), 'hat')
  const frozen = frozenAs(await freeze())
  assert.notEqual(frozen.root, refs.base)
  assert.deepEqual([frozen.added, frozen.slots], [1, ['main']])
  const again = createFreezeDataset(smallLearning(db()))
  assert.deepEqual(await quiet().run(() => again({ bot, number })), frozen)
  assert.deepEqual(Object.values(await learned()), ['hat'])
  await promote(frozen, small)
  assert.match(await refused(), nothingNew)
})

test('a correction that is live and settled otherwise is learned as it stands now', async () => {
  await say(db(), one(), { people: ['REVIEWER'], label: 'no-hat' })
  const frozen = frozenAs(await freeze())
  assert.deepEqual(Object.values(await learned()), ['no-hat'])
  assert.equal(frozen.added, 1)
  await promote(frozen, small + 1)
})

test('a correction that is live and revoked leaves the next dataset, without another one', async () => {
  await reviewCorrection(db(), { ...one(), decision: 'revoke', personId: reviewers[0] ?? '' })
  const frozen = frozenAs(await freeze())
  assert.deepEqual([frozen.root, frozen.added], [refs.base, 0])
  await promote(frozen, small + 2)
})

test('one input with two labels is learned with neither, and waits for a reviewer', async () => {
  const picture = newPicture()
  const [first, second] = [await corrects(picture, 'hat'), await corrects(picture, 'no-hat', ['U1', 'U2'])]
  assert.match(await refused(), nothingNew)
  for (const ref of [first, second]) assert.equal((await correctionOf(db(), ref))?.state, 'conflicted')
  assert.deepEqual(await status(), { accepted: 0, changes: 0 })
  // Another vote does not settle it, and a reviewer does.
  await say(db(), second, { people: ['U3'], label: 'no-hat' })
  assert.equal((await correctionOf(db(), second))?.state, 'conflicted')
  await say(db(), second, { people: ['REVIEWER'], label: 'no-hat' })
  assert.deepEqual(await status(), { accepted: 1, changes: 1 })
  await reviewCorrection(db(), { ...second, decision: 'revoke', personId: reviewers[0] ?? '' })
})

test('a correction that no dataset takes is left out once, and is no reason to learn', async () => {
  const { models } = smallLearning(db())
  const extend: typeof models.extend = async (family, parent, task) => {
    const extended = await models.extend(family, parent, { ...task, corrections: [] })
    return { ...extended, leftOut: task.corrections.map(({ id }) => ({ id, reason: 'its input is held out' })) }
  }
  await corrects(newPicture(), 'hat')
  number += 1
  await openRetrain(db(), { bot, number, reason: 'person' })
  const activity = createFreezeDataset({ ...smallLearning(db()), models: { ...models, extend } })
  await assert.rejects(
    quiet().run(() => activity({ bot, number })),
    nothingNew,
  )
  await closeRetrain(db(), { bot, number }, { state: 'failed', outcome: 'nothing new' })
  assert.deepEqual(await status(), { accepted: 0, changes: 0 })
  const audit = await db().selectFrom('audit').select('action').where('action', '=', 'correction.left-out').execute()
  assert.equal(audit.length, 1)
})

test('a correction whose input is lost is left out, and stops no other', async () => {
  await corrected(db(), ['REVIEWER'], { inputSha256: 'f'.repeat(64), label: 'hat' })
  assert.match(await refused(), nothingNew)
  await corrects(newPicture(), 'hat')
  assert.equal(frozenAs(await freeze()).added, 1)
})
