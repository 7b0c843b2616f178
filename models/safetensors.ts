import { z } from 'zod'
import { WeightsUnreadable, type Weight } from './pytorch/pytorch-file.ts'

const described = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
})
const header = z.record(z.string(), z.unknown())

/** A header longer than this is not one of ours; the format itself allows 100 MB. */
const maxHeaderBytes = 1_000_000

function readHeader(bytes: Uint8Array): { readonly tensors: ReadonlyMap<string, unknown>; readonly dataAt: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Infinity
  if (length > maxHeaderBytes || 8 + length > bytes.length) throw new WeightsUnreadable('its header is cut off')
  try {
    const entries = Object.entries(header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))))
    return { tensors: new Map(entries.filter(([name]) => name !== '__metadata__')), dataAt: 8 + length }
  } catch (error) {
    throw new WeightsUnreadable('its header is not JSON that describes tensors', { cause: error })
  }
}

function floatsOf(bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: count }, (_, index) => view.getFloat32(index * 4, true))
}

function weightOf(name: string, entry: unknown, data: Uint8Array): Weight | undefined {
  const parsed = described.safeParse(entry)
  if (!parsed.success) throw new WeightsUnreadable(`${name} is not described as a tensor`)
  const {
    dtype,
    shape,
    data_offsets: [from, to],
  } = parsed.data
  // Integers are lists of positions that the code computes itself.
  if (dtype !== 'F32') return undefined
  const count = shape.reduce((product, size) => product * size, 1)
  if (to - from !== count * 4 || to > data.length)
    throw new WeightsUnreadable(`${name} reaches past the file, or is cut off`)
  return { shape, values: floatsOf(data.subarray(from, to), count) }
}

/**
 * Reads the float tensors of a safetensors file: eight bytes with the length of a JSON header (little-endian), the header
 * (name → type, shape, place), the numbers (huggingface/safetensors, "Format"). Tensors of other types are left out.
 * @throws WeightsUnreadable
 */
export function readSafetensors(bytes: Uint8Array): ReadonlyMap<string, Weight> {
  const { tensors, dataAt } = readHeader(bytes)
  const data = bytes.subarray(dataAt)
  const weights = new Map<string, Weight>()
  for (const [name, entry] of tensors) {
    const weight = weightOf(name, entry, data)
    if (weight !== undefined) weights.set(name, weight)
  }
  return weights
}
