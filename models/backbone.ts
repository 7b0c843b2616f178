import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ModelNotReady } from '../domain/errors.ts'
import type { Backbone } from './family.ts'
import { efficientnetLite0, efficientnetLite0Sha256 } from './networks/efficientnet-lite0.ts'
import type { Network } from './networks/network.ts'
import { readPytorchFile } from './pytorch/pytorch-file.ts'
import { runOpByOp } from './run-op-by-op.ts'
import type { Tensorflow } from './tensorflow.ts'

/** A frozen network that turns pictures into numbers. */
export interface PictureBackbone extends Backbone {
  /** How many numbers each cut gives, in the order of the cuts; `width` is their sum. */
  readonly features: readonly number[]
  /** Normalised pictures, one batch. @returns one row of `width` numbers per picture. @throws TypeError for another length. */
  embed(pictures: readonly Uint8Array[]): Promise<readonly Float32Array[]>
}

/**
 * Head and block 11 beside each other: level or better than either alone, whole vendors left out (see the version's card).
 * Both come from one forward pass; a version that reads only one of them takes its columns (`pictures/cuts.ts`).
 */
const pictureCuts = ['head', 'block11'] as const

/**
 * Reads the weights file and checks its digest.
 * @throws ModelNotReady when it is not there, or is another file.
 */
export async function readBackboneNetwork(file: string): Promise<Network> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new ModelNotReady('the weights of the backbone are not where BACKBONE_WEIGHTS says', { cause: error })
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== efficientnetLite0Sha256)
    throw new ModelNotReady(`the weights of the backbone have the digest ${sha256.slice(0, 12)}…, not the pinned one`)
  return efficientnetLite0(readPytorchFile(new Uint8Array(bytes)))
}

async function open(tensorflow: Tensorflow, file: string): Promise<PictureBackbone> {
  const network = await readBackboneNetwork(file)
  const running = runOpByOp(tensorflow, network)
  const features = pictureCuts.map((cut) => network.outputs[cut]?.features ?? 0)
  return {
    name: network.name,
    sha256: efficientnetLite0Sha256,
    cuts: pictureCuts,
    features,
    width: features.reduce((sum, count) => sum + count, 0),
    embed: (pictures) => running.run(pictures, pictureCuts),
  }
}

// One copy of the weights per TensorFlow and file, however many versions are served; it goes when that TensorFlow goes.
const opened = new WeakMap<Tensorflow, Map<string, Promise<PictureBackbone>>>()

/**
 * The picture backbone, loaded once per process and shared.
 * @throws ModelNotReady when its weights cannot be read; the next call tries again.
 */
export function openBackbone(tensorflow: Tensorflow, file: string): Promise<PictureBackbone> {
  const files = opened.get(tensorflow) ?? new Map<string, Promise<PictureBackbone>>()
  opened.set(tensorflow, files)
  const known = files.get(file)
  if (known !== undefined) return known
  const opening = open(tensorflow, file)
  files.set(file, opening)
  opening.catch(() => files.delete(file))
  return opening
}
