import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ModelNotReady } from '../../../domain/errors.ts'
import { pictureClassifier } from './picture-classifier.ts'
import { openTensorflow } from '../../tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../../testing/small-dataset.ts'
import { cutDataset, cutRow, placesOf } from './cuts.ts'

const row = Float32Array.from({ length: 8 }, (_, index) => index)

describe('cuts of a backbone', () => {
  it('are columns of its rows, in the order in which they are asked for', () => {
    const columns = (...cuts: readonly string[]) => [...cutRow(row, placesOf(tinyBackbone, cuts))]
    assert.deepEqual(columns('first-five'), [0, 1, 2, 3, 4])
    assert.deepEqual(columns('next-three'), [5, 6, 7])
    assert.deepEqual(columns('next-three', 'first-five'), [5, 6, 7, 0, 1, 2, 3, 4])
    assert.deepEqual(columns('first-five', 'next-three'), [...row])
  })

  it('that the backbone does not have are refused by name', () => {
    assert.throws(
      () => placesOf(tinyBackbone, ['middle']),
      (error) => error instanceof ModelNotReady && error.message.includes('no output middle'),
    )
  })
})

describe('a version that reads one cut', async () => {
  const tensorflow = await openTensorflow('auto')
  const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })
  const whole = await family.prepare(smallExamples(), { labels: smallLabels })
  const narrow = cutDataset(whole, tinyBackbone, ['first-five'])
  const files = await family.train(narrow, { bot: 'hatter', notes: 'Numbers.', seed: 5 })

  it('learns from the same examples, under the same root, with fewer numbers each', () => {
    assert.equal(narrow.root, whole.root)
    assert.equal(narrow.embeddings.length, whole.examples.length * 5)
    assert.deepEqual(cutDataset(whole, tinyBackbone), whole)
  })

  it('answers with its own columns of the whole forward pass', async () => {
    const loaded = await family.load(files)
    for await (const { id, label, input } of smallExamples(1)) {
      const [said] = await family.predict(loaded, [input])
      assert.equal(said?.label, label, id)
    }
    loaded.dispose()
  })

  it('does not load on a backbone without that cut', async () => {
    const other = pictureClassifier({ tensorflow, backbone: { ...tinyBackbone, cuts: ['whole'], features: [8] } })
    await assert.rejects(other.load(files), /no output first-five/)
  })
})
