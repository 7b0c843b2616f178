import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { correctionWeight, peopleVendor, type RawExample, readExamples } from '../datasets/examples.ts'
import { DatasetInvalid } from '../training/task.ts'
import type { CorrectionExample } from '../datasets/merge-corrections.ts'
import { pictureClassifier } from '../families/picture-classifier/picture-classifier.ts'
import { datasetFiles, readDatasetFiles } from './dataset.ts'
import { pictureBackbone, type PictureBackbone } from '../families/picture-classifier/backbone.ts'
import { pictureClassifierFamily } from '../families/picture-classifier/family.ts'
import { textClassifierFamily } from '../families/text-classifier/family.ts'
import { tinyAssets } from '../testing/tiny-assets.ts'
import { openTensorflow } from '../tensorflow.ts'
import { pictureOf, smallExamples, smallLabels, tinyBackbone } from '../testing/small-dataset.ts'
import { smallTextLabels, smallTexts, smallTextSplit, tinyEncoder } from '../testing/small-texts.ts'
import { bytesOfText } from '../families/text-classifier/dataset.ts'
import { textClassifier } from '../families/text-classifier/text-classifier.ts'
import { textDatasetFiles } from '../families/text-classifier/version-files.ts'
import { readEvaluation } from '../version-facts.ts'

const tensorflow = await openTensorflow('auto')
let looked: Uint8Array[] = []
const watched: PictureBackbone = {
  ...tinyBackbone,
  embed: (pictures) => {
    looked.push(...pictures)
    return tinyBackbone.embed(pictures)
  },
}
const assets = tinyAssets(new Map([[pictureBackbone, watched]]))
const family = pictureClassifier({ tensorflow, backbone: tinyBackbone })

const raws: RawExample<Uint8Array>[] = []
for await (const raw of smallExamples())
  raws.push(
    raw.id === 'north/0' ? { ...raw, part: 'holdout' } : raw.id === 'north/1' ? { ...raw, part: 'golden' } : raw,
  )
async function* streamOf<T>(examples: readonly T[]) {
  for (const example of examples) yield await Promise.resolve(example)
}
const parent = datasetFiles(await family.prepare(streamOf(raws), { labels: smallLabels }))
const inputOf = (id: string): Uint8Array => raws.find((raw) => raw.id === id)?.input ?? new Uint8Array()

const correction = (id: string, input: Uint8Array, more: Partial<CorrectionExample> = {}): CorrectionExample => ({
  id: `correction:${id}`,
  label: 'hat',
  vendor: peopleVendor,
  weight: correctionWeight,
  part: 'train',
  corrections: [id],
  input,
  ...more,
})
const fresh = pictureOf([90, 91, 92, 93, 94, 95, 96, 97])
const other = pictureOf([190, 91, 92, 93, 94, 95, 96, 97])
const extend = (corrections: readonly CorrectionExample[], files = parent, labels: readonly string[] = smallLabels) =>
  pictureClassifierFamily.extend(files, { labels, corrections }, assets)

describe('a dataset with corrections', () => {
  it('looks at new inputs only, and is the same again byte by byte, in whatever order they come', async () => {
    looked = []
    const [one, two] = [correction('1', fresh), correction('2', other, { part: 'correction-holdout' })]
    const first = await extend([one, two])
    assert.deepEqual(looked, [fresh, other])
    const again = await extend([two, one])
    assert.equal(again.root, first.root)
    assert.deepEqual(again.files, first.files)
    assert.equal(first.size, raws.length + 2)
    assert.deepEqual(first.used, [
      { id: 'correction:1', part: 'train' },
      { id: 'correction:2', part: 'correction-holdout' },
    ])
    looked = []
    assert.equal((await extend([one, two], first.files)).root, first.root)
    assert.deepEqual(looked, [])
  })

  it('loses those that are no longer accepted, and is the parent’s again without any', async () => {
    const taught = await extend([correction('1', fresh), correction('2', inputOf('east/1'))])
    const { root, files } = await extend([], taught.files)
    assert.equal(root, readExamples(parent).root)
    assert.deepEqual(files, parent)
  })

  it('changes the label of a base example to learn from, and says so', async () => {
    const { files, overridden, used } = await extend([correction('1', inputOf('east/1'))])
    assert.deepEqual(overridden, [{ example: 'east/1', by: ['correction:1'], from: 'no-hat', to: 'hat' }])
    assert.deepEqual(used, [{ id: 'correction:1', part: 'train' }])
    const example = readExamples(files).examples.find(({ id }) => id === 'east/1')
    assert.deepEqual(
      [example?.label, example?.weight, example?.corrections, example?.base, example?.vendor],
      ['hat', correctionWeight, ['1'], { label: 'no-hat', weight: 1 }, 'east'],
    )
  })

  it('leaves out, with the reason, what would touch a held-out example or has two labels', async () => {
    const { leftOut, root } = await extend([
      correction('1', inputOf('north/0'), { label: 'no-hat' }),
      correction('2', inputOf('north/1')),
      correction('3', fresh),
      correction('4', fresh, { label: 'no-hat' }),
      correction('5', inputOf('east/1'), { part: 'correction-holdout' }),
    ])
    assert.deepEqual(Object.fromEntries(leftOut.map(({ id, reason }) => [id, reason])), {
      'correction:1': 'its input is a base example that is held out (holdout)',
      'correction:2': 'its input is a base example that is held out (golden)',
      'correction:3': 'people gave the same input two labels',
      'correction:4': 'people gave the same input two labels',
      'correction:5': 'it is held out, and its input is a base example that is learned from',
    })
    assert.equal(root, readExamples(parent).root)
  })

  it('counts an input once, however many corrections it has', async () => {
    const { files, size } = await extend([correction('2', fresh), correction('1', fresh)])
    assert.equal(size, raws.length + 1)
    const { id, corrections, weight } = readExamples(files).examples.at(-1) ?? {}
    assert.deepEqual([id, corrections, weight], ['correction:1', ['1', '2'], correctionWeight])
  })

  it('is refused with an unknown label, with one class left, and with another network', async () => {
    await assert.rejects(extend([correction('1', fresh, { label: 'cap' })]), DatasetInvalid)
    const hats = datasetFiles(
      await family.prepare(streamOf(raws.filter(({ label }) => label === 'hat')), { labels: smallLabels }),
    )
    await assert.rejects(extend([], hats), /one label, hat/)
    const elsewhere = tinyAssets(new Map([[pictureBackbone, { ...tinyBackbone, sha256: '0'.repeat(64) }]]))
    await assert.rejects(
      pictureClassifierFamily.extend(parent, { labels: smallLabels, corrections: [] }, elsewhere),
      /another frozen network/,
    )
  })

  it('teaches a label that only people know, without rules about vendors', async () => {
    const caps = Array.from({ length: 8 }, (_, at) =>
      correction(`cap${at}`, pictureOf([100, 100, 100, 100, 240, 240, 100 + at, 100]), { label: 'cap' }),
    )
    const { files } = await extend(caps, parent, [...smallLabels, 'cap'])
    const version = await family.train(readDatasetFiles(files), { bot: 'hatter', notes: '', seed: 5 })
    const loaded = await family.load(version)
    const [said] = await family.predict(loaded, [pictureOf([100, 100, 100, 100, 238, 238, 102, 100])])
    loaded.dispose()
    assert.equal(said?.label, 'cap')
    assert.match(new TextDecoder().decode(version['card.md']), /Only people know cap/)
    const { holdout, golden } = readEvaluation(version)
    assert.deepEqual([holdout?.count, golden.total], [1, 1])
  })

  it('teaches such a label from a drawing too, whose vendor alone then has it', async () => {
    const { files } = await extend([correction('1', inputOf('east/1'), { label: 'cap' })], parent, [
      ...smallLabels,
      'cap',
    ])
    const version = await family.train(readDatasetFiles(files), { bot: 'hatter', notes: '', seed: 5 })
    assert.deepEqual(readExamples(version).labels, ['hat', 'no-hat', 'cap'])
  })

  it('of texts keeps n-grams beside the encoder’s vectors', async () => {
    const texts = textClassifier({ tensorflow, backbone: tinyEncoder })
    const options = { labels: smallTextLabels, split: smallTextSplit }
    const base = textDatasetFiles(await texts.prepare(streamOf(smallTexts()), options))
    const added = correction('1', bytesOfText('map of my home'), { label: 'trees' })
    const grown = await textClassifierFamily.extend(base, { labels: smallTextLabels, corrections: [added] }, assets)
    assert.equal(grown.size, readExamples(base).examples.length + 1)
    const back = await textClassifierFamily.extend(grown.files, { labels: smallTextLabels, corrections: [] }, assets)
    assert.deepEqual(back.files, base)
  })
})
