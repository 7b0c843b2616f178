import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pictureInput } from '../domain/model/preprocessing.ts'
import type { Network } from './networks/network.ts'
import { runOpByOp } from './run-op-by-op.ts'
import { openTensorflow } from './tensorflow.ts'

const weight = (shape: readonly number[], ...values: readonly number[]) => ({
  shape,
  values: Float32Array.from(values),
})

/** One pixel wide filters, so that the numbers can be checked by hand; a grey picture stays the same everywhere. */
const network: Network = {
  name: 'by-hand',
  input: { size: 224, offset: 127, scale: 128 },
  operations: [
    {
      kind: 'convolution',
      name: 'mix',
      from: 'input',
      filter: weight([1, 1, 3, 2], 1, 4, 1, 4, 1, 4),
      bias: weight([2], 0, -1),
      stride: 2,
      activation: 'relu6',
    },
    {
      kind: 'depthwise',
      name: 'scale',
      from: 'mix',
      filter: weight([1, 1, 2, 1], 2, -0.5),
      bias: weight([2], 1, 0),
      stride: 1,
      activation: 'linear',
    },
    { kind: 'add', name: 'sum', from: 'scale', and: 'mix' },
    { kind: 'global-mean', name: 'features', from: 'sum' },
    { kind: 'dense', name: 'answer', from: 'features', matrix: weight([2, 1], 1, 10), bias: weight([1], 0.5) },
  ],
  outputs: {
    features: { operation: 'features', features: 2 },
    answer: { operation: 'answer', features: 1 },
  },
}
const grey = (value: number) => new Uint8Array(pictureInput.byteLength).fill(value)

describe('a network run operation by operation', async () => {
  const tensorflow = await openTensorflow('auto')
  const running = runOpByOp(tensorflow, network)

  it('computes what its description says, for every picture of a batch in its order', async () => {
    // White is 1 in every channel: mix = (3, min(12 − 1, 6)), scale = (7, −3), sum = (10, 3), answer = 10 + 30 + 0.5.
    // Grey 127 is 0: mix = (0, max(−1, 0)), scale = (1, 0), sum = (1, 0), answer = 1.5.
    const rows = await running.run([grey(255), grey(127)], ['features', 'answer'])
    assert.deepEqual(
      rows.map((row) => [...row].map((value) => Number(value.toFixed(4)))),
      [
        [10, 3, 40.5],
        [1, 0, 1.5],
      ],
    )
  })

  it('leaves no tensor behind, also when only a part of it is asked for', async () => {
    const before = tensorflow.tf.memory().numTensors
    await running.run([grey(1)], ['answer'])
    await running.run([grey(1), grey(2)], ['features'])
    assert.equal(tensorflow.tf.memory().numTensors, before)
  })

  it('refuses a picture of another size, and has nothing to say about none', async () => {
    await assert.rejects(running.run([new Uint8Array(10)], ['answer']), TypeError)
    assert.deepEqual(await running.run([], ['answer']), [])
  })

  it('frees its weights', () => {
    const before = tensorflow.tf.memory().numTensors
    running.dispose()
    assert.ok(tensorflow.tf.memory().numTensors < before)
  })
})
