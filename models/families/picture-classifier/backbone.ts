import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ModelNotReady } from '../../../domain/errors.ts'
import type { Backbone } from '../../encoder-head/dataset.ts'
import { efficientnetLite0, efficientnetLite0Sha256 } from '../../networks/efficientnet-lite0.ts'
import type { Network } from '../../networks/network.ts'
import { readPytorchFile } from '../../pytorch/pytorch-file.ts'
import { runOpByOp } from '../../run-op-by-op.ts'
import type { Asset } from '../../runtime/assets.ts'
import type { Tensorflow } from '../../tensorflow.ts'
import { type SharedBackbone, shareForwardPass } from './share-forward-pass.ts'

/** A frozen network that turns pictures into numbers. */
export interface PictureBackbone extends Backbone {
  /** How many numbers each cut gives, in the order of the cuts; `width` is their sum. */
  readonly features: readonly number[]
  /** Normalised pictures, one batch. @returns one row of `width` numbers per picture. @throws TypeError for another length. */
  embed(pictures: readonly Uint8Array[]): Promise<readonly Float32Array[]>
}

/**
 * Head and block 11 beside each other: level or better than either alone, whole vendors left out (see the version's card).
 * Both come from one forward pass; a version that reads only one of them takes its columns (`cuts.ts`).
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

/** @throws ModelNotReady when its weights cannot be read, or are another file. */
export async function openBackbone(tensorflow: Tensorflow, file: string): Promise<PictureBackbone> {
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

/** The picture backbone: one copy of its weights, however many versions are served. */
export const pictureBackbone: Asset<PictureBackbone> = {
  name: 'the weights of the picture backbone',
  variable: 'BACKBONE_WEIGHTS',
  cached: 'efficientnet-lite0-57934424.pth',
  open: ({ tensorflow, place }) => openBackbone(tensorflow, place),
}

/** The same for all versions that are asked side by side: each picture is looked at once. */
export const sharedPictureBackbone: Asset<SharedBackbone> = {
  ...pictureBackbone,
  open: async ({ assets, limits }) => shareForwardPass(await assets.open(pictureBackbone), limits),
  close: (shared) => shared.close(),
}
