import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256Of } from '../files.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import type { RawExample } from '../datasets/examples.ts'
import { judgeVersion } from './judge-version.ts'
import { pictureClassifierFamily } from '../families/picture-classifier/family.ts'
import { pictureClassifier } from '../families/picture-classifier/picture-classifier.ts'
import { cutDataset } from '../families/picture-classifier/cuts.ts'
import { datasetFiles } from '../encoder-head/dataset.ts'
import { openTensorflow } from '../tensorflow.ts'
import { pictureOf, smallExamples, smallLabels, tinyBackbone } from '../testing/small-dataset.ts'
import { readEvaluation } from '../version-facts.ts'

const tensorflow = await openTensorflow('auto')
const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })
const task = { bot: 'hatter', notes: '', seed: 5 }

/** Every fifth example is held out. */
async function* divided(): AsyncGenerator<RawExample<Uint8Array>> {
  for await (const raw of smallExamples())
    yield { ...raw, part: Number(raw.id.split('/')[1]) % 5 === 0 ? 'holdout' : 'train' }
}
const dataset = await family.prepare(divided(), { labels: smallLabels })
const version = await family.train(dataset, task)

describe('judging a version', () => {
  it('gives the figures that its own evaluation has, and what it says when it serves', async () => {
    const { parts, rows } = judgeVersion(pictureClassifierFamily.judge(version, datasetFiles(dataset)))
    assert.deepEqual(parts.holdout.figures, readEvaluation(version).holdout)
    assert.equal(parts.train.count, 0)
    const loaded = await family.load(version)
    for await (const raw of divided()) {
      const row = rows.find(({ id }) => id === raw.id)
      if (row === undefined) continue
      const [said] = await family.predict(loaded, [raw.input])
      assert.equal(row.said, said?.label)
      assert.ok(Math.abs((row.probabilities['hat'] ?? 0) - (said?.probabilities['hat'] ?? 0)) < 1e-4)
    }
    loaded.dispose()
  })

  it('counts a label that the version does not know as wrong, and marks it', async () => {
    const cap = {
      id: 'cap',
      label: 'cap',
      vendor: 'north',
      weight: 1,
      part: 'holdout' as const,
      input: pictureOf([9, 9, 9]),
    }
    const wider = await family.prepare(
      (async function* () {
        yield* divided()
        yield await Promise.resolve(cap)
      })(),
      { labels: ['cap', ...smallLabels] },
    )
    const { rows, parts, labels } = judgeVersion(pictureClassifierFamily.judge(version, datasetFiles(wider)))
    const row = rows.find(({ id }) => id === 'cap')
    assert.deepEqual([row?.right, row?.unknownLabel], [false, true])
    assert.equal(parts.holdout.unknownLabel, 1)
    assert.deepEqual(labels, ['cap', ...smallLabels])
    assert.equal(parts.holdout.figures?.support[0], 1)
  })

  it('refuses rows of other features', () => {
    const narrow = datasetFiles(cutDataset(dataset, tinyBackbone, ['first-five']))
    assert.throws(() => pictureClassifierFamily.judge(version, narrow), ModelNotReady)
  })

  it('says nothing of what was learned from: other labels of held-out examples leave the weights as they are', async () => {
    const examples = dataset.examples.map((example) =>
      example.part === 'holdout' ? { ...example, label: 'hat' } : example,
    )
    const changed = await family.train({ ...dataset, examples }, task)
    assert.equal(sha256Of(changed['weights.bin'] ?? 'a'), sha256Of(version['weights.bin'] ?? 'b'))
    assert.notEqual(readEvaluation(changed).holdout?.accuracy, readEvaluation(version).holdout?.accuracy)
  })
})
