import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PictureBackbone } from './backbone.ts'
import { pictureClassifier } from './picture-classifier.ts'
import { openTensorflow } from '../../tensorflow.ts'
import { pictureOf, smallExamples, smallLabels, tinyBackbone } from '../../testing/small-dataset.ts'
import { cutDataset } from './cuts.ts'
import { shareForwardPass } from './share-forward-pass.ts'

/** The tiny backbone, which notes how many pictures each forward pass had, and fails on pictures that are not one. */
function watched() {
  const passes: number[] = []
  const backbone: PictureBackbone = {
    ...tinyBackbone,
    embed: (pictures) => {
      passes.push(pictures.length)
      if (pictures.some(({ length }) => length < 8)) return Promise.reject(new TypeError('not a picture'))
      return tinyBackbone.embed(pictures)
    },
  }
  return { passes, backbone }
}

const limits = { maxBatch: 8, maxDelayMs: 0 }
const picture = (value: number) => pictureOf(new Array<number>(8).fill(value))

describe('a shared forward pass', () => {
  it('looks once at a picture that several versions ask for, at once or one after the other', async () => {
    const { passes, backbone } = watched()
    const shared = shareForwardPass(backbone, limits)
    const asked = [shared.embed([picture(1), picture(2)]), shared.embed([picture(2), picture(1)])] as const
    const [[one, two], [twoAgain, oneAgain]] = await Promise.all(asked)
    assert.deepEqual([one, two], [oneAgain, twoAgain])
    await shared.embed([picture(1)])
    assert.deepEqual(passes, [2])
  })

  it('puts pictures of different versions into one batch', async () => {
    const { passes, backbone } = watched()
    const shared = shareForwardPass(backbone, limits)
    await Promise.all([shared.embed([picture(1)]), shared.embed([picture(2)]), shared.embed([picture(3)])])
    assert.deepEqual(passes, [3])
  })

  it('looks again at a picture that was long ago, so that memory has an end', async () => {
    const { passes, backbone } = watched()
    const shared = shareForwardPass(backbone, { maxBatch: 300, maxDelayMs: 0 })
    await shared.embed([picture(255)])
    await shared.embed(Array.from({ length: 256 }, (_, index) => pictureOf([index % 200, index > 199 ? 1 : 0])))
    await shared.embed([picture(255)])
    assert.deepEqual(passes, [1, 256, 1])
  })

  it('gives an error to whom it belongs, and does not keep it', async () => {
    const { passes, backbone } = watched()
    const shared = shareForwardPass(backbone, limits)
    const bad = () => shared.embed([new Uint8Array(2)])
    const [failed, fine] = await Promise.allSettled([bad(), shared.embed([picture(1)])])
    assert.deepEqual([failed.status, fine.status], ['rejected', 'fulfilled'])
    const before = passes.length
    await assert.rejects(bad(), TypeError)
    assert.ok(passes.length > before)
  })

  it('serves two versions on two cuts at the price of one', async () => {
    const tensorflow = await openTensorflow('auto')
    const { passes, backbone } = watched()
    const family = pictureClassifier({ tensorflow, backbone: shareForwardPass(backbone, limits) })
    const whole = await family.prepare(smallExamples(), { labels: smallLabels })
    const task = { bot: 'hatter', notes: 'Numbers.', seed: 5 }
    const cuts = [['first-five'], ['next-three', 'first-five']]
    const trained = cuts.map((some) => family.train(cutDataset(whole, backbone, some), task))
    const versions = await Promise.all((await Promise.all(trained)).map((files) => family.load(files)))
    passes.splice(0)
    const hat = pictureOf([164, 165, 165, 105, 105, 105, 105, 105])
    const said = await Promise.all(versions.map((version) => family.predict(version, [hat])))
    assert.deepEqual(
      said.map(([first]) => first?.label),
      ['hat', 'hat'],
    )
    assert.deepEqual(passes, [1])
    for (const version of versions) version.dispose()
  })
})
