import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256Of, type VersionFiles } from '../../files.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { DatasetInvalid } from '../../training/task.ts'
import type { RawExample } from '../../datasets/examples.ts'
import { pictureClassifier } from './picture-classifier.ts'
import { openTensorflow } from '../../tensorflow.ts'
import { pictureOf, smallExamples, smallLabels, tinyBackbone } from '../../testing/small-dataset.ts'

async function* only(...examples: readonly RawExample<Uint8Array>[]) {
  for (const example of examples) yield await Promise.resolve(example)
}

const withFile = (files: VersionFiles, name: string, change: (text: string) => string): VersionFiles => ({
  ...files,
  [name]: new TextEncoder().encode(change(new TextDecoder().decode(files[name]))),
})

const hat = pictureOf([165, 165, 165, 105, 105, 105, 105, 105])
const noHat = pictureOf([105, 105, 105, 105, 105, 105, 105, 105])
const elsewhere = pictureOf([0, 255, 0, 255, 0, 255, 0, 255])

describe('the picture classifier', async () => {
  const tensorflow = await openTensorflow('auto')
  const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })
  const dataset = await family.prepare(smallExamples(), { labels: smallLabels })
  const task = { bot: 'hatter', notes: 'Numbers, no pictures.', seed: 5 }
  const files = await family.train(dataset, task)
  const loaded = await family.load(files)

  it('says the right label with calibrated probabilities that sum to 1', async () => {
    const [worn, bare] = await family.predict(loaded, [hat, noHat])
    assert.equal(worn?.label, 'hat')
    assert.equal(bare?.label, 'no-hat')
    for (const said of [worn, bare]) {
      assert.ok(said.known)
      assert.equal(said.confidence, said.probabilities[said.label])
      assert.ok(said.confidence >= 0.5 && said.confidence <= 1)
      assert.ok(Math.abs(Object.values(said.probabilities).reduce((sum, one) => sum + one, 0) - 1) < 1e-9)
    }
  })

  it('does not know an input that is far from everything it has seen', async () => {
    const [said] = await family.predict(loaded, [elsewhere])
    assert.equal(said?.known, false)
  })

  it('explains by the nearest examples, nearest first', async () => {
    const near = await family.explain(loaded, hat, 4)
    assert.deepEqual(
      near.map(({ label }) => label),
      ['hat', 'hat', 'hat', 'hat'],
    )
    assert.deepEqual(
      near.map(({ distance }) => distance),
      near.map(({ distance }) => distance).toSorted((a, b) => a - b),
    )
    const [self] = dataset.examples
    const [nearest] = await family.explain(loaded, await inputOf(self?.id), 1)
    assert.equal(nearest?.id, self?.id)
    assert.ok((nearest?.distance ?? 1) < 0.01)
  })

  it('has the same weights when trained again with the same seed, others with another', async () => {
    const weights = (version: VersionFiles) => sha256Of(version['weights.bin'] ?? '')
    assert.equal(weights(await family.train(dataset, task)), weights(files))
    assert.notEqual(weights(await family.train(dataset, { ...task, seed: 6 })), weights(files))
  })

  it('is judged vendor by vendor, each by a head that did not see it', async () => {
    const { vendors, pooled, temperature } = await family.evaluate(dataset, { seed: 5 })
    assert.deepEqual(
      vendors.map(({ vendor }) => vendor),
      ['east', 'north', 'south', 'west'],
    )
    for (const figures of vendors) assert.ok((figures.auc[0] ?? 0) > 0.9 && figures.balancedAccuracy > 0.8)
    assert.equal(pooled.count, dataset.examples.length)
    assert.ok(temperature > 0)
  })

  it('is judged badly by that when a label is only a vendor’s own hand', async () => {
    const labelByVendor = async function* () {
      for await (const example of smallExamples()) {
        const grey = pictureOf(
          Array.from({ length: 8 }, (_, at) => (at === 7 ? example.vendor.length * 20 : 100 + Math.random())),
        )
        yield {
          ...example,
          input: Uint8Array.from(grey, (byte, at) => (at === 100 ? Number(example.id.split('/')[1]) : byte)),
        }
      }
    }
    const leaky = await family.prepare(labelByVendor(), { labels: smallLabels }).catch((error: unknown) => error)
    if (leaky instanceof Error) throw leaky
    const { pooled } = await family.evaluate(leaky as typeof dataset, { seed: 5 })
    assert.ok(pooled.balancedAccuracy < 0.7)
  })

  it('tells in its files what it is: labels, sizes, preprocessing, trainer, backend, seed, libraries, figures', () => {
    const metadata = JSON.parse(new TextDecoder().decode(files['metadata.json'])) as Record<string, unknown>
    for (const key of [
      'labels',
      'sizes',
      'preprocessingVersion',
      'trainerVersion',
      'backend',
      'seed',
      'libraries',
      'temperature',
      'distance',
    ])
      assert.ok(metadata[key] !== undefined, key)
    assert.equal(metadata['datasetRoot'], dataset.root)
    assert.match(new TextDecoder().decode(files['card.md']), /Numbers, no pictures\.[\s\S]*\| north \|/)
    assert.match(new TextDecoder().decode(files['evaluation.json']), /leave one vendor out/)
    assert.match(new TextDecoder().decode(files['card.md']), /\| answers that ask people \|/)
  })

  it('tells under which confidence people should be asked, so that few are', async () => {
    const { unsure } = await family.evaluate(dataset, { seed: 5 })
    assert.deepEqual(Object.keys(unsure.curve[0] ?? {}), ['confidence', 'share', 'error'])
    assert.ok(unsure.curve.every(({ confidence, share }) => confidence > unsure.confidence || share <= unsure.share))
    assert.ok(unsure.confidence >= 0.5 && unsure.confidence <= 1)
  })

  it('leaves no tensor behind', async () => {
    const before = tensorflow.tf.memory().numTensors
    await family.predict(loaded, [hat, elsewhere])
    await family.explain(loaded, hat, 3)
    await family.evaluate(dataset, { seed: 9 })
    const again = await family.load(files)
    again.dispose()
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })

  it('stops training when it is told to', async () => {
    const reason = new Error('enough')
    const before = tensorflow.tf.memory().numTensors
    await assert.rejects(family.train(dataset, { ...task, signal: AbortSignal.abort(reason) }), reason)
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })

  it('does not load files that are missing, damaged or of something else, and says which', async () => {
    const cases: readonly (readonly [VersionFiles, RegExp])[] = [
      [without(files, 'weights.bin'), /weights\.bin is missing/],
      [without(files, 'metadata.json'), /metadata\.json is missing/],
      [
        { ...files, 'weights.bin': (files['weights.bin'] ?? new Uint8Array()).slice(4) },
        /weights\.bin is not the file/,
      ],
      [{ ...files, 'embeddings.bin': new Uint8Array(8) }, /embeddings\.bin holds 2 numbers/],
      [withFile(files, 'metadata.json', (text) => text.slice(9)), /metadata\.json is damaged/],
      [withFile(files, 'metadata.json', (text) => text.replace('"no-hat"', '"cap"')), /labels differ/],
      [
        withFile(files, 'metadata.json', (text) => text.replace('picture-224-rgb-v1', 'other')),
        /preprocessing version differs/,
      ],
      [
        withFile(files, 'examples.json', (text) => text.replace('"weight": 1', '"weight": 2')),
        /the dataset is another one/,
      ],
    ]
    for (const [broken, expected] of cases)
      await assert.rejects(
        family.load(broken),
        (error) => error instanceof ModelNotReady && expected.test(error.message),
        expected.source,
      )
  })

  it('does not load on another backbone than its own', async () => {
    const other = pictureClassifier({ tensorflow, backbone: { ...tinyBackbone, sha256: '0'.repeat(64) } })
    await assert.rejects(other.load(files), /another backbone/)
  })
})

describe('a dataset', async () => {
  const tensorflow = await openTensorflow('auto')
  const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })
  const example = { id: 'a', label: 'hat', vendor: 'north', weight: 1, input: hat }

  it('has the same root and embeddings when it is made again, and keeps one of two equal pictures', async () => {
    const once = await family.prepare(smallExamples(), { labels: smallLabels })
    const again = await family.prepare(smallExamples(), { labels: smallLabels })
    assert.equal(once.root, again.root)
    assert.deepEqual(once.embeddings, again.embeddings)
    const twins = await family.prepare(only(example, { ...example, id: 'b' }), { labels: smallLabels })
    assert.deepEqual(
      twins.examples.map(({ id }) => id),
      ['a'],
    )
  })

  it('is refused when a picture has two labels, a label is not the bot’s, or there is nothing in it', async () => {
    const prepare = (...examples: readonly RawExample<Uint8Array>[]) =>
      family.prepare(only(...examples), { labels: smallLabels })
    await assert.rejects(prepare(example, { ...example, id: 'b', label: 'no-hat' }), /same picture is hat elsewhere/)
    await assert.rejects(prepare({ ...example, label: 'cap' }), DatasetInvalid)
    await assert.rejects(prepare(), /no examples/)
  })

  it('is not trained on when a label has too few vendors to leave one out', async () => {
    const dataset = await family.prepare(only(example, { ...example, id: 'b', label: 'no-hat', input: noHat }), {
      labels: smallLabels,
    })
    await assert.rejects(family.evaluate(dataset, { seed: 1 }), /label hat needs examples of three vendors/)
  })
})

const without = (files: VersionFiles, name: string): VersionFiles =>
  Object.fromEntries(Object.entries(files).filter(([key]) => key !== name))

async function inputOf(id: string | undefined): Promise<Uint8Array> {
  for await (const example of smallExamples()) if (example.id === id) return example.input
  throw new Error('there is no such example')
}
