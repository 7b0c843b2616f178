import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ModelNotReady } from '../../domain/errors.ts'
import type { Weight } from '../pytorch/pytorch-file.ts'

/** Package, version and network; records of a verdict name it, and another one judges anew. */
export const moderationModel = 'nsfwjs-4.3.0-mobilenet-v2'

/** SHA-256 of the weights that nsfwjs 4.3.0 holds. */
const weightsSha256 = '8e7dddbb16acacc1bf1601b1b8a761e730ff934b7f2d7771312b2f000e5f5f13'

/** tfjs layers format: a weight is stored as bytes, and is `byte * scale + min`. */
const modelSchema = z.object({
  weightsManifest: z.tuple([
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number().int().positive()),
          dtype: z.literal('float32'),
          quantization: z.object({ dtype: z.literal('uint8'), min: z.number(), scale: z.number() }),
        }),
      ),
    }),
  ]),
})

/** The weights of a network by their names. */
export type NamedWeights = ReadonlyMap<string, Weight>

/** The package's two data files: the network's description and its weights in base64. */
interface DataFiles {
  readonly model: unknown
  readonly weights: Uint8Array
}

const loader = z.custom<() => Promise<unknown>>((value) => typeof value === 'function')
const entrySchema = z.object({
  MobileNetV2Model: z.object({ modelJson: loader, weightBundles: z.tuple([loader]) }),
})
const fileSchema = z.object({ default: z.unknown() })
const contentOf = async (load: () => Promise<unknown>): Promise<unknown> => fileSchema.parse(await load()).default

/** Reads the package's data files. @throws ModelNotReady when it does not hold them. */
export async function readDataFiles(): Promise<DataFiles> {
  try {
    // Only this entry: it names the data files and brings no TensorFlow of its own.
    const entry: unknown = await import('nsfwjs/models/mobilenet_v2')
    const { modelJson, weightBundles } = entrySchema.parse(entry).MobileNetV2Model
    const weights = z.base64().parse(await contentOf(weightBundles[0]))
    return { model: await contentOf(modelJson), weights: Buffer.from(weights, 'base64') }
  } catch (error) {
    throw new ModelNotReady('the weights of moderation are not in the package nsfwjs', { cause: error })
  }
}

/**
 * The weights of the package, checked and unpacked.
 * @throws ModelNotReady when they are other ones than those of nsfwjs 4.3.0.
 */
export function weightsOf({ model, weights: bytes }: DataFiles): NamedWeights {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== weightsSha256)
    throw new ModelNotReady(`the weights of moderation have the digest ${sha256.slice(0, 12)}…, not the pinned one`)
  const parsed = modelSchema.safeParse(model)
  if (!parsed.success) throw new ModelNotReady('the description of the network of moderation cannot be read')
  const named = new Map<string, Weight>()
  let offset = 0
  for (const { name, shape, quantization } of parsed.data.weightsManifest[0].weights) {
    const count = shape.reduce((product, size) => product * size, 1)
    const stored = bytes.subarray(offset, offset + count)
    named.set(name, {
      shape,
      values: Float32Array.from(stored, (byte) => byte * quantization.scale + quantization.min),
    })
    offset += count
  }
  if (offset !== bytes.length) throw new ModelNotReady('the description of the network of moderation is of another one')
  return named
}
