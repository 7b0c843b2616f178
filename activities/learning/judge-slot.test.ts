import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ModelNotReady } from '../../domain/errors.ts'
import { pictureOf } from '../../models/testing/small-dataset.ts'
import type { VersionFiles } from '../../models/files.ts'
import { useDatabase } from '../../test/support/database.ts'
import { trainHatVersions } from '../../test/support/learning/hat-versions.ts'
import { judgedSlot } from '../../test/support/learning/judged-slot.ts'

const db = useDatabase()
const { dataset, fewExamples, first, taught, confused, open } = await trainHatVersions()

/** What people sent lately. */
const inputs = [pictureOf([168, 168, 168]), pictureOf([104, 104, 104])]
const judged = (contest: Partial<Parameters<typeof judgedSlot>[1]> & { readonly challenger: VersionFiles }) =>
  judgedSlot(db(), { champion: first, dataset, inputs, open, ...contest })

const isTaught = (files: VersionFiles) => files['weights.bin']?.join() === taught['weights.bin']?.join()
const weights = (version: VersionFiles) => version['weights.bin'] ?? assert.fail('it has weights')
const damaged = (version: VersionFiles) => ({ ...version, 'weights.bin': weights(version).subarray(4) })

test('a version that has learned what people corrected passes all gates, and the figures are kept', async () => {
  const { passed, verdicts, kept, gates } = await judged({ challenger: taught })
  assert.deepEqual(verdicts, {
    'base-holdout': 'pass',
    'correction-holdout': 'pass',
    'beats-baseline': 'pass',
    calibrated: 'pass',
    sandbox: 'pass',
    latency: 'pass',
    golden: 'pass',
  })
  assert.equal(passed, true)
  assert.deepEqual(kept.gates, gates)
  const { champion, baseline, correctionHoldout, golden, fixed, fixedCount, latency } = kept.judged
  assert.deepEqual([champion, baseline], [2, 1])
  assert.deepEqual(correctionHoldout, { count: 32, challenger: 32, champion: 0, baseline: 0 })
  assert.deepEqual(golden, { right: 2, total: 2 })
  assert.equal(fixedCount >= 32, true)
  assert.equal(fixed.length, 5)
  assert.deepEqual(latency, { p95Ms: 20, championP95Ms: 20, budgetMs: 500 })
})

test('a version that is worse than its champion fails where it is, and nowhere else', async () => {
  const { passed, verdicts, kept, whyOf } = await judged({ challenger: confused, champion: taught })
  assert.equal(passed, false)
  const { sandbox, latency, calibrated, ...others } = verdicts
  assert.deepEqual([sandbox, latency, calibrated], ['pass', 'pass', 'fail'])
  assert.deepEqual(others, {
    'base-holdout': 'fail',
    'correction-holdout': 'fail',
    'beats-baseline': 'fail',
    golden: 'fail',
  })
  assert.match(whyOf('golden') ?? '', /^0 of 2/)
  assert.deepEqual(kept.judged.correctionHoldout, { count: 32, challenger: 0, champion: 32, baseline: 32 })
  assert.equal(kept.judged.brokeCount >= 32, true)
})

test('a version that is no worse than its champion and worse than the baseline does not get past the baseline', async () => {
  const { passed, verdicts } = await judged({ challenger: confused, champion: confused, baseline: first })
  assert.equal(passed, false)
  assert.equal(verdicts['base-holdout'], 'pass')
  assert.equal(verdicts['correction-holdout'], 'no_data')
  assert.equal(verdicts['beats-baseline'], 'fail')
})

test('without enough that was held out, and without anybody’s inputs, there is no evidence and no reason to stop', async () => {
  const { passed, verdicts } = await judged({ challenger: taught, dataset: fewExamples, inputs: [] })
  assert.deepEqual(verdicts, {
    'base-holdout': 'no_data',
    'correction-holdout': 'no_data',
    'beats-baseline': 'no_data',
    calibrated: 'no_data',
    sandbox: 'pass',
    latency: 'no_data',
    golden: 'no_data',
  })
  assert.equal(passed, true)
})

test('a version that does not load is not judged by figures, and stops at the sandbox', async () => {
  const { passed, verdicts, kept } = await judged({ challenger: damaged(taught) })
  assert.equal(passed, false)
  const { sandbox, ...others } = verdicts
  assert.equal(sandbox, 'fail')
  assert.deepEqual([...new Set(Object.values(others))], ['no_data'])
  assert.deepEqual([kept.judged.holdout, kept.judged.labels], [undefined, []])
})

test('a version that says what is no probability stops at the sandbox, with the fault in our words', async () => {
  const broken: typeof open = async (files) => {
    const predictor = await open(files)
    const predict: typeof predictor.predict = async (pictures) =>
      (await predictor.predict(pictures)).map((said) => ({ ...said, probabilities: { hat: 0.2, 'no-hat': 0.2 } }))
    return isTaught(files) ? { ...predictor, predict } : predictor
  }
  const { passed, whyOf } = await judged({ challenger: taught, open: broken })
  assert.equal(passed, false)
  assert.match(whyOf('sandbox') ?? '', /its probabilities do not sum to 1/)
})

test('a version that takes longer than its budget and twice as long as its champion fails by its time alone', async () => {
  const { passed, verdicts, kept } = await judged({
    challenger: taught,
    tookMs: (files) => (isTaught(files) ? 600 : 20),
  })
  assert.equal(passed, false)
  const failed = Object.keys(verdicts).filter((gate) => verdicts[gate] === 'fail')
  assert.deepEqual(failed, ['latency'])
  assert.deepEqual(kept.judged.latency, { p95Ms: 600, championP95Ms: 20, budgetMs: 500 })
})

test('what is not the fault of the version is no verdict on it, and is tried again', async () => {
  await assert.rejects(judged({ challenger: taught, champion: damaged(first) }), { code: 'ModelNotReady' })
  const lost: typeof open = (files) => (isTaught(files) ? Promise.reject(new Error('the store is out')) : open(files))
  await assert.rejects(judged({ challenger: taught, open: lost }), /the store is out/)
  const cold: typeof open = async (files) => ({
    ...(await open(files)),
    warmUp: () => (isTaught(files) ? Promise.resolve() : Promise.reject(new ModelNotReady('its answer is none'))),
  })
  await assert.rejects(judged({ challenger: taught, open: cold }), { code: 'ModelNotReady' })
})
