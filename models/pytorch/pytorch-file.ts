import { PickleUnreadable, readPickle, type PickleMeaning, type PickleValue } from './pickle.ts'

/** Numbers in row-major order. */
export interface Weight {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Thrown when a file is not one of the legacy PyTorch format, or holds what we do not read. */
export class WeightsUnreadable extends Error {
  readonly code = 'WeightsUnreadable'
  constructor(detail: string, options?: ErrorOptions) {
    super(`the weights file cannot be read: ${detail}`, options)
  }
}

const magicNumber = 0x1950a86a20f9469cfc6cn
const formatVersion = 1001

const bytesPerValue: Readonly<Record<string, number>> = { 'torch FloatStorage': 4, 'torch LongStorage': 8 }

/** A run of numbers at the end of the file. */
class Storage {
  readonly key: string
  readonly width: number
  readonly count: number
  constructor(key: string, width: number, count: number) {
    this.key = key
    this.width = width
    this.count = count
  }
}

/** A view on a storage: the element at index i is at `offset + Σ i·stride`. */
class StoredTensor {
  readonly storage: Storage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  constructor(view: Pick<StoredTensor, 'storage' | 'offset' | 'shape' | 'strides'>) {
    this.storage = view.storage
    this.offset = view.offset
    this.shape = view.shape
    this.strides = view.strides
  }
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0)

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): StoredTensor {
  if (
    !(storage instanceof Storage) ||
    typeof offset !== 'number' ||
    !isNumbers(shape) ||
    !isNumbers(strides) ||
    shape.length !== strides.length
  )
    throw new WeightsUnreadable('a tensor is not described as expected')
  return new StoredTensor({ storage, offset, shape, strides })
}

function storageOf(id: PickleValue): Storage {
  const [kind, type, key, , count] = Array.isArray(id) ? (id as readonly PickleValue[]) : []
  const typeName = type !== null && typeof type === 'object' && 'name' in type ? type.name : ''
  const width = bytesPerValue[typeName]
  if (kind !== 'storage' || width === undefined || typeof key !== 'string' || typeof count !== 'number')
    throw new WeightsUnreadable(`a storage of type ${typeName || 'unknown'} is not read here`)
  return new Storage(key, width, count)
}

const meaning: PickleMeaning = {
  outside: storageOf,
  call: (name, args) => {
    if (name === 'collections OrderedDict') return new Map()
    if (name === 'torch._utils _rebuild_tensor_v2') return rebuildTensor(args)
    throw new WeightsUnreadable(`it wants to call ${name}, which is not part of a list of tensors`)
  },
}

/** Copies a view in row-major order. Many weights are stored permuted, so the strides decide where an element is. */
function inRowOrder({ offset, shape, strides }: StoredTensor, stored: Float32Array): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1)
  const furthest = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), offset)
  if (count > 0 && furthest >= stored.length) throw new WeightsUnreadable('a tensor reaches past its storage')
  const values = new Float32Array(count)
  const index = shape.map(() => 0)
  for (let place = 0; place < count; place += 1) {
    values[place] = stored[index.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), offset)] ?? 0
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const next = (index[axis] ?? 0) + 1
      index[axis] = next === shape[axis] ? 0 : next
      if (next !== shape[axis]) break
    }
  }
  return values
}

function numbersOf(view: DataView, width: number): Float32Array {
  const values = new Float32Array(view.byteLength / width)
  for (let index = 0; index < values.length; index += 1)
    values[index] = width === 4 ? view.getFloat32(index * 4, true) : Number(view.getBigInt64(index * 8, true))
  return values
}

function readStorages(bytes: Uint8Array, from: number, order: readonly (readonly [string, number])[]) {
  const storages = new Map<string, Float32Array>()
  let at = from
  for (const [key, width] of order) {
    const count =
      at + 8 <= bytes.length ? Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigInt64(0, true)) : -1
    if (count < 0 || at + 8 + count * width > bytes.length) throw new WeightsUnreadable('it ends early')
    storages.set(key, numbersOf(new DataView(bytes.buffer, bytes.byteOffset + at + 8, count * width), width))
    at += 8 + count * width
  }
  return storages
}

function tensorsOf(state: PickleValue): ReadonlyMap<string, StoredTensor> {
  if (!(state instanceof Map)) throw new WeightsUnreadable('it holds no dictionary of tensors')
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of state as ReadonlyMap<unknown, unknown>) {
    if (typeof name !== 'string' || !(tensor instanceof StoredTensor))
      throw new WeightsUnreadable('its dictionary holds something that is no tensor')
    tensors.set(name, tensor)
  }
  return tensors
}

function read(bytes: Uint8Array): ReadonlyMap<string, Weight> {
  let at = 0
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at, meaning)
    at = end
    return value
  }
  if (next() !== magicNumber || next() !== formatVersion)
    throw new WeightsUnreadable('it is not of the legacy PyTorch format')
  next()
  const tensors = tensorsOf(next())
  const keys = next()
  if (!Array.isArray(keys)) throw new WeightsUnreadable('the list of storages is missing')
  const widths = new Map([...tensors.values()].map(({ storage }) => [storage.key, storage.width]))
  const order = (keys as readonly unknown[]).map((key) => [String(key), widths.get(String(key)) ?? 4] as const)
  const storages = readStorages(bytes, at, order)
  const weightOf = (tensor: StoredTensor): Weight => {
    const stored = storages.get(tensor.storage.key)
    if (stored === undefined) throw new WeightsUnreadable('a tensor names a storage that is not there')
    return { shape: tensor.shape, values: inRowOrder(tensor, stored) }
  }
  return new Map([...tensors].map(([name, tensor]) => [name, weightOf(tensor)]))
}

/**
 * Reads the tensors of a file of PyTorch's legacy format (five pickles of protocol 2, then the numbers). Nothing in it is
 * executed: names are compared with the four that may occur.
 * @returns name to weight, in the file's order. Integers come as floats.
 * @throws WeightsUnreadable
 */
export function readPytorchFile(bytes: Uint8Array): ReadonlyMap<string, Weight> {
  try {
    return read(bytes)
  } catch (error) {
    throw error instanceof PickleUnreadable ? new WeightsUnreadable(error.message, { cause: error }) : error
  }
}
