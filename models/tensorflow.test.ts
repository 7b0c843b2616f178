import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTensorflow } from './tensorflow.ts'

describe('TensorFlow', () => {
  it('runs in some way, says which and why, and multiplies', async () => {
    const { tf, backend, why, versions } = await openTensorflow('auto')
    assert.ok(['native', 'wasm', 'cpu'].includes(backend))
    assert.ok(why.length > 0)
    assert.ok(Object.values(versions).every((version) => /^\d/.test(version)))
    const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync())
    assert.equal(product[0], 11)
  })

  it('runs on WebAssembly when that is asked for, on one thread', async () => {
    const { tf, backend, why } = await openTensorflow('wasm')
    assert.equal(backend, 'wasm')
    assert.match(why, /TENSORFLOW=wasm/)
    assert.equal(tf.getBackend(), 'wasm')
  })

  it('stays on what it runs on when it is opened several times, also at once', async () => {
    const opened = await Promise.all([openTensorflow('wasm'), openTensorflow('wasm'), openTensorflow('wasm')])
    assert.deepEqual(
      opened.map(({ backend }) => backend),
      ['wasm', 'wasm', 'wasm'],
    )
    assert.equal(opened[0].tf.getBackend(), 'wasm')
  })
})
