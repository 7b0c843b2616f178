import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ModelNotReady } from '../../../../domain/errors.ts'
import { configOfThisProcess } from '../../../../infra/config.ts'
import { openTensorflow } from '../../../tensorflow.ts'
import { openTextBackbone, textEncoder } from './encoder.ts'

/** Where the encoder is: in the data folder of this process, else in the cache of this work tree. */
const folder = [
  configOfThisProcess().textEncoder ?? join(configOfThisProcess().home, 'cache', 'weights', textEncoder.cached),
  fileURLToPath(new URL('../../../../.understudy/cache/weights/all-minilm-l6-v2', import.meta.url)),
].find((path) => existsSync(join(path, 'model.safetensors')))

const dot = (one: ArrayLike<number> = [], other: ArrayLike<number> = []): number =>
  Array.from(one).reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)

describe('the text encoder', { skip: folder === undefined ? 'not run: no weights' : false }, async () => {
  const tensorflow = await openTensorflow('auto')
  const encoder = await openTextBackbone(tensorflow, folder ?? '')

  it('finds the published similarities of three sentences', async () => {
    const [eating, bread, carrying] = await encoder.embed([
      'A man is eating food.',
      'A man is eating a piece of bread.',
      'The girl is carrying a baby.',
    ])
    assert.ok(Math.abs(dot(eating, bread) - 0.755) < 1e-3)
    assert.ok(Math.abs(dot(eating, carrying) + 0.105) < 1e-3)
    assert.ok(Math.abs(dot(eating, eating) - 1) < 1e-5)
  })

  it('gives a text the same numbers alone and beside longer ones, in the order of the texts', async () => {
    const texts = ['a much longer question about the legend of a chart', 'dates', 'who looks after the tree view?', '']
    const together = await encoder.embed(texts)
    for (const [index, text] of texts.entries()) {
      const [alone] = await encoder.embed([text])
      assert.equal(alone?.length, encoder.width)
      assert.ok(alone.every((value, at) => Math.abs(value - (together[index]?.[at] ?? 0)) < 1e-4))
    }
  })

  it('reads texts of any length and sign, and leaves no tensor behind', async () => {
    const before = tensorflow.tf.memory().numTensors
    const vectors = await encoder.embed(['word '.repeat(4_000), '\u202e\u0000😀', '日本語'])
    assert.ok(vectors.every((vector) => Math.abs(dot(vector, vector) - 1) < 1e-4))
    assert.deepEqual(await encoder.embed([]), [])
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })
})

describe('the files of the text encoder', async () => {
  const tensorflow = await openTensorflow('auto')

  it('are asked for by name when they are not there, and refused by their digest when they are others', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'encoder-'))
    try {
      await assert.rejects(openTextBackbone(tensorflow, empty), ModelNotReady)
      await writeFile(join(empty, 'model.safetensors'), 'something else')
      await writeFile(join(empty, 'vocab.txt'), 'something else')
      await assert.rejects(openTextBackbone(tensorflow, empty), /digest .* not the pinned one/)
    } finally {
      await rm(empty, { recursive: true })
    }
  })
})
