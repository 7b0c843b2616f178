import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256Of, type VersionFiles } from '../../files.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { DatasetInvalid } from '../../training/task.ts'
import type { RawExample } from '../../datasets/examples.ts'
import { openTensorflow } from '../../tensorflow.ts'
import {
  smallTextLabels as labels,
  smallTexts,
  smallTextSplit as split,
  tinyEncoder,
} from '../../testing/small-texts.ts'
import { bytesOfText } from './dataset.ts'
import { textClassifier } from './text-classifier.ts'
import { readTextDatasetFiles, textDatasetFiles } from './version-files.ts'

async function* streamOf(...examples: readonly RawExample<Uint8Array>[]) {
  for (const example of examples) yield await Promise.resolve(example)
}

const withFile = (files: VersionFiles, name: string, change: (bytes: Uint8Array) => Uint8Array): VersionFiles => ({
  ...files,
  [name]: change(files[name] ?? new Uint8Array()),
})

describe('the text classifier', async () => {
  const tensorflow = await openTensorflow('auto')
  const family = textClassifier({ tensorflow, backbone: tinyEncoder })
  const dataset = await family.prepare(streamOf(...smallTexts()), { labels, split })
  const task = { bot: 'gardener', notes: 'Made-up titles.', seed: 5 }
  const files = await family.train(dataset, task)
  const loaded = await family.load(files)

  it('says the right label with calibrated probabilities that sum to 1', async () => {
    const said = await family.predict(loaded, ['the bar chart', 'a tree node'].map(bytesOfText))
    assert.deepEqual(
      said.map(({ label }) => label),
      labels,
    )
    for (const { label, confidence, probabilities, known } of said) {
      assert.ok(known)
      assert.equal(confidence, probabilities[label])
      assert.ok(Math.abs(Object.values(probabilities).reduce((sum, one) => sum + one, 0) - 1) < 1e-9)
    }
    assert.deepEqual(await family.predict(loaded, []), [])
  })

  it('does not know a text that is far from everything it has read', async () => {
    const [said] = await family.predict(loaded, [bytesOfText('zzz zzzz yyyy zzz')])
    assert.equal(said?.known, false)
  })

  it('explains by the nearest texts, nearest first', async () => {
    const near = await family.explain(loaded, bytesOfText('tree tree fix'), 3)
    assert.deepEqual(
      near.map(({ label }) => label),
      ['trees', 'trees', 'trees'],
    )
    assert.deepEqual(
      near.map(({ distance }) => distance),
      near.map(({ distance }) => distance).toSorted((one, other) => one - other),
    )
  })

  it('has the same weights when trained again with the same seed, from the dataset or from its files', async () => {
    const weights = (version: VersionFiles) => sha256Of(version['weights.bin'] ?? '')
    assert.equal(weights(await family.train(dataset, task)), weights(files))
    const stored = readTextDatasetFiles(textDatasetFiles(dataset))
    assert.equal(weights(await textClassifier({ tensorflow }).train(stored, task)), weights(files))
    assert.notEqual(weights(await family.train(dataset, { ...task, seed: 6 })), weights(files))
  })

  it('is judged by time where the dataset says so: on the test part, by a head of the past', async () => {
    const { parts, pooled, fewExamples, unsure } = await family.evaluate(dataset, { seed: 5 })
    assert.deepEqual(
      parts.map(({ name, count, learnedFrom }) => ({ name, count, learnedFrom })),
      [{ name: '2025', count: 40, learnedFrom: 80 }],
    )
    assert.ok(pooled.accuracy > 0.9)
    assert.deepEqual(
      fewExamples.map(({ perLabel }) => perLabel),
      [5, 20],
    )
    assert.ok(unsure.confidence > 0 && unsure.confidence <= 1)
    assert.deepEqual(Object.keys(unsure.curve[0] ?? {}), ['confidence', 'share', 'error'])
    assert.match(new TextDecoder().decode(files['card.md']), /\| answers that ask people \|/)
  })

  it('is judged in five parts that take turns where nothing is known of the time', async () => {
    const { parts, pooled } = await family.evaluate({ ...dataset, split: { past: [], test: [] } }, { seed: 5 })
    assert.equal(parts.length, 5)
    assert.equal(pooled.count, dataset.examples.length)
  })

  it('learns a new label from the dataset that has it', async () => {
    const maps = Array.from({ length: 16 }, (_, index) => ({
      ...{ id: `new/${index}`, label: 'maps', vendor: '2024', weight: 1 },
      input: bytesOfText(`map of some home ${index}`),
    }))
    const wider = await family.prepare(streamOf(...smallTexts(), ...maps), { labels: [...labels, 'maps'], split })
    const version = await family.load(await family.train(wider, task))
    const [said] = await family.predict(version, [bytesOfText('a map of my home')])
    assert.equal(said?.label, 'maps')
    version.dispose()
  })

  it('leaves no tensor behind', async () => {
    const before = tensorflow.tf.memory().numTensors
    const version = await family.load(await family.train(dataset, task))
    await family.predict(version, [bytesOfText('tree')])
    await family.explain(version, bytesOfText('tree'), 2)
    version.dispose()
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })

  it('does not load when a file is missing, damaged, or of another version', async () => {
    const edit = (change: (text: string) => string) => (bytes: Uint8Array) =>
      bytesOfText(change(new TextDecoder().decode(bytes)))
    const withoutGrams = Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'grams.bin'))
    const other = await family.train(await family.prepare(streamOf(...smallTexts(30)), { labels, split }), task)
    for (const broken of [
      withoutGrams,
      withFile(files, 'weights.bin', (bytes) => bytes.map((byte, index) => (index === 9 ? byte ^ 1 : byte))),
      withFile(files, 'grams.bin', (bytes) => bytes.slice(0, -4)),
      withFile(files, 'embeddings.bin', (bytes) => bytes.slice(4)),
      withFile(
        files,
        'metadata.json',
        edit((text) => text.slice(0, -9)),
      ),
      withFile(
        files,
        'metadata.json',
        edit((text) => text.replaceAll('text-v1', 'text-v0')),
      ),
      withFile(
        files,
        'split.json',
        edit(() => '[]'),
      ),
      { ...files, 'weights.bin': other['weights.bin'] ?? new Uint8Array() },
      { ...files, 'examples.json': other['examples.json'] ?? new Uint8Array() },
    ])
      await assert.rejects(family.load(broken), ModelNotReady)
    const elsewhere = textClassifier({ tensorflow, backbone: { ...tinyEncoder, sha256: 'd'.repeat(64) } })
    await assert.rejects(elsewhere.load(files), /another text encoder/)
    await assert.rejects(textClassifier({ tensorflow }).load(files), ModelNotReady)
  })
})

describe('a dataset of texts', async () => {
  const tensorflow = await openTensorflow('auto')
  const family = textClassifier({ tensorflow, backbone: tinyEncoder })
  const example = (id: string, text: string, label: string) => ({
    ...{ id, label, vendor: 'v', weight: 1 },
    input: bytesOfText(text),
  })

  it('keeps equal texts once, and holds no text', async () => {
    const dataset = await family.prepare(
      streamOf(example('1', 'secret tree', 'trees'), example('2', 'secret tree', 'trees')),
      { labels },
    )
    assert.equal(dataset.examples.length, 1)
    for (const bytes of Object.values(textDatasetFiles(dataset)))
      assert.ok(!new TextDecoder().decode(bytes).includes('secret'))
  })

  it('refuses an unknown label, one text with two labels, and emptiness', async () => {
    const prepare = (...examples: readonly RawExample<Uint8Array>[]) =>
      family.prepare(streamOf(...examples), { labels })
    await assert.rejects(prepare(example('1', 'map', 'maps')), DatasetInvalid)
    await assert.rejects(prepare(example('1', 'tree', 'trees'), example('2', 'tree', 'charts')), DatasetInvalid)
    await assert.rejects(prepare(), DatasetInvalid)
  })

  it('is too small to be judged with a few texts', async () => {
    const dataset = await family.prepare(streamOf(...smallTexts(4)), { labels })
    await assert.rejects(family.evaluate(dataset, { seed: 1 }), DatasetInvalid)
  })
})
