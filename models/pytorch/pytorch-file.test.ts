import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readPytorchFile, WeightsUnreadable } from './pytorch-file.ts'

/** Pickle protocol 2, written by hand. */
const op = {
  start: [0x80, 2],
  stop: [0x2e],
  mark: [0x28],
  tuple: [0x74],
  none: [0x4e],
  reduce: [0x52],
  outside: [0x51],
  setItems: [0x75],
  appends: [0x65],
  emptyList: [0x5d],
  emptyDict: [0x7d],
  emptyTuple: [0x29],
  int: (value: number) => [0x4a, ...new Uint8Array(Int32Array.of(value).buffer)],
  text: (value: string) => [0x58, ...new Uint8Array(Int32Array.of(value.length).buffer), ...Buffer.from(value)],
  name: (module: string, name: string) => [0x63, ...Buffer.from(`${module}\n${name}\n`)],
}
const pickle = (...parts: readonly (readonly number[])[]) => [...op.start, ...parts.flat(), ...op.stop]
const tuple = (...parts: readonly (readonly number[])[]) => [...op.mark, ...parts.flat(), ...op.tuple]
const orderedDict = [...op.name('collections', 'OrderedDict'), ...op.emptyTuple, ...op.reduce]

const storage = (type: string, count: number) => [
  ...tuple(op.text('storage'), op.name('torch', type), op.text('1'), op.text('cpu'), op.int(count), op.none),
  ...op.outside,
]
interface View {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset?: number
  readonly type?: string
  readonly count?: number
}
const tensor = ({ shape, strides, offset = 0, type = 'FloatStorage', count = 6 }: View) => [
  ...op.name('torch._utils', '_rebuild_tensor_v2'),
  ...tuple(
    storage(type, count),
    op.int(offset),
    tuple(...shape.map(op.int)),
    tuple(...strides.map(op.int)),
    [0x89],
    orderedDict,
  ),
  ...op.reduce,
]

const magic = [...op.start, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, ...op.stop]
const numbers = (values: readonly number[]) => [
  ...new Uint8Array(BigInt64Array.of(BigInt(values.length)).buffer),
  ...new Uint8Array(Float32Array.from(values).buffer),
]

function file(state: readonly number[], tail: readonly number[] = numbers([1, 2, 3, 4, 5, 6])): Uint8Array {
  return Uint8Array.from([
    ...magic,
    ...pickle(op.int(1001)),
    ...pickle(op.emptyDict),
    ...pickle(state),
    ...pickle(op.emptyList, op.mark, op.text('1'), op.appends),
    ...tail,
  ])
}
const holding = (value: readonly number[]) => [...orderedDict, ...op.mark, ...op.text('w'), ...value, ...op.setItems]
const rows = (view: View) => [...(readPytorchFile(file(holding(tensor(view)))).get('w')?.values ?? [])]

describe('a file of PyTorch’s legacy format', () => {
  it('gives its tensors by name, in row-major order', () => {
    const weight = readPytorchFile(file(holding(tensor({ shape: [2, 3], strides: [3, 1] })))).get('w')
    assert.deepEqual(weight?.shape, [2, 3])
    assert.deepEqual([...weight.values], [1, 2, 3, 4, 5, 6])
  })

  it('honours strides and offsets: a permuted tensor is not what lies in the file', () => {
    assert.deepEqual(rows({ shape: [2, 3], strides: [1, 2] }), [1, 3, 5, 2, 4, 6])
    assert.deepEqual(rows({ shape: [2], strides: [2], offset: 1 }), [2, 4])
  })

  it('reads integers too', () => {
    const tail = [...numbers([]).with(0, 1), ...new Uint8Array(BigInt64Array.of(42n).buffer)]
    const bytes = file(holding(tensor({ shape: [], strides: [], type: 'LongStorage', count: 1 })), tail)
    assert.deepEqual([...(readPytorchFile(bytes).get('w')?.values ?? [])], [42])
  })
})

describe('a file that is something else', () => {
  const refused = (bytes: Uint8Array, expected: RegExp) =>
    assert.throws(
      () => readPytorchFile(bytes),
      (error) => error instanceof WeightsUnreadable && expected.test(error.message),
      expected.source,
    )

  it('executes nothing: a call of anything but the two that tensors need is an error', () => {
    const evil = [...op.name('os', 'system'), ...tuple(op.text('true')), ...op.reduce]
    refused(file(holding(evil)), /wants to call os system/)
  })

  it('is refused with the offset of an opcode that is not read here', () => {
    refused(file([0x93]), /byte \d+: opcode 0x93/)
  })

  it('is refused when it ends early, wherever that is', () => {
    const whole = file(holding(tensor({ shape: [2, 3], strides: [3, 1] })))
    for (let length = 0; length < whole.length; length += 7) refused(whole.subarray(0, length), /cannot be read/)
  })

  it('is refused when a tensor reaches past its storage, or its storage is of another kind', () => {
    refused(file(holding(tensor({ shape: [7], strides: [1] }))), /reaches past/)
    refused(file(holding(tensor({ shape: [1], strides: [1], type: 'HalfStorage' }))), /HalfStorage is not read/)
  })

  it('is refused when it holds no tensors, or is no such file', () => {
    refused(file(holding(op.text('words'))), /no tensor/)
    refused(Uint8Array.from([...pickle(op.int(1)), ...pickle(op.int(1001))]), /not of the legacy PyTorch format/)
    refused(new TextEncoder().encode('PK\u0003\u0004'), /opcode 0x50/)
  })
})
