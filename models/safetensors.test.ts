import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WeightsUnreadable } from './pytorch/pytorch-file.ts'
import { readSafetensors } from './safetensors.ts'

/** A file as the format's description says, written independently of the reader. */
function fileOf(header: unknown, data: Buffer): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return new Uint8Array(Buffer.concat([length, json, data]))
}

function floats(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes
}

const header = {
  __metadata__: { format: 'pt' },
  ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
  matrix: { dtype: 'F32', shape: [2, 2], data_offsets: [8, 24] },
}
const data = Buffer.concat([Buffer.alloc(8), floats(1, 2, 3, 4)])

describe('a safetensors file', () => {
  it('gives its float tensors with their shapes, and leaves the others out', () => {
    const weights = readSafetensors(fileOf(header, data))
    assert.deepEqual([...weights.keys()], ['matrix'])
    assert.deepEqual(weights.get('matrix'), { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) })
  })

  it('is read wherever its bytes begin in memory', () => {
    const bytes = fileOf(header, data)
    const moved = new Uint8Array(bytes.length + 3)
    moved.set(bytes, 3)
    assert.deepEqual(readSafetensors(moved.subarray(3)), readSafetensors(bytes))
  })

  it('is refused when it is cut off, lies about its places, or is something else', () => {
    const wrong = (place: readonly number[]) => ({ a: { dtype: 'F32', shape: [2], data_offsets: place } })
    for (const bytes of [
      fileOf(header, data.subarray(0, -1)),
      fileOf(wrong([0, 4]), data),
      fileOf(wrong([100, 108]), data),
      fileOf(wrong([8, 0]), data),
      fileOf({ a: 1 }, data),
      fileOf('not JSON', data),
      fileOf(header, data).subarray(0, 40),
      new Uint8Array(3),
      new Uint8Array(8).fill(255),
    ])
      assert.throws(() => readSafetensors(bytes), WeightsUnreadable)
  })
})
