import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { ModelNotReady } from '../../domain/errors.ts'
import { runOpByOp } from '../run-op-by-op.ts'
import { openTensorflow, type Tensor } from '../tensorflow.ts'
import { mobilenetV2 } from './mobilenet-v2.ts'
import { readDataFiles, weightsOf } from './nsfw-package.ts'
import { originalHead } from './original-head.ts'
import { plain, skinColouredBalls } from './testing/abstract-pictures.ts'

const files = await readDataFiles()

test('folded, and with its head in plain JavaScript, it says what the package’s own network says', async () => {
  const tensorflow = await openTensorflow('auto')
  const { tf } = tensorflow
  const { modelTopology, weightsManifest } = z
    .object({ modelTopology: z.record(z.string(), z.unknown()), weightsManifest: z.array(z.any()) })
    .parse(files.model)
  const weightSpecs = weightsManifest.flatMap((group: { readonly weights: never[] }) => group.weights)
  const weightData = Uint8Array.from(files.weights).buffer
  const original = await tf.loadLayersModel({
    load: () => Promise.resolve({ modelTopology, weightSpecs, weightData }),
  })
  const weights = weightsOf(files)
  const [folded, head] = [runOpByOp(tensorflow, mobilenetV2(weights)), originalHead(weights)]
  for (const picture of [skinColouredBalls(), plain(255), plain(90)]) {
    const input = tf.tensor4d(
      Float32Array.from(picture, (byte) => byte / 255),
      [1, 224, 224, 3],
    )
    const expected = [...(await (original.predict(input) as Tensor).data())]
    const [features] = await folded.run([picture], ['features'])
    assert.ok(features)
    for (const [index, value] of Object.values(head(features)).entries())
      assert.ok(Math.abs(value - (expected[index] ?? Number.NaN)) < 1e-4, `${value}, not ${expected[index]}`)
  }
})

test('weights that are not the pinned ones are refused by their digest', () => {
  const changed = Uint8Array.from(files.weights)
  changed[0] = 255 - (changed[0] ?? 0)
  assert.throws(() => weightsOf({ ...files, weights: changed }), /digest .* not the pinned one/)
})

test('a description of other weights than those that are there is refused', () => {
  const quantization = { dtype: 'uint8', min: 0, scale: 1 }
  const weights = [{ name: 'Conv1/kernel', shape: [3, 3, 3, 32], dtype: 'float32', quantization }]
  assert.throws(() => weightsOf({ ...files, model: { weightsManifest: [{ weights }] } }), /is of another one/)
})

test('a description that cannot be read, or lacks a weight, is refused', () => {
  assert.throws(() => weightsOf({ ...files, model: { weightsManifest: [] } }), ModelNotReady)
  const lacking = new Map([...weightsOf(files)].filter(([name]) => name !== 'Conv_1_bn/beta'))
  assert.throws(() => mobilenetV2(lacking), /Conv_1_bn\/beta/)
  assert.throws(() => originalHead(new Map()), ModelNotReady)
})
