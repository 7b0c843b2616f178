import type { ModelFamily } from '../../domain/label.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { openBackbone } from '../../models/backbone.ts'
import type { BatchLimits } from '../../models/batcher.ts'
import type { VersionFiles } from '../../models/family.ts'
import { type SharedBackbone, shareForwardPass } from '../../models/pictures/share-forward-pass.ts'
import { openPicturePredictor, openPredictor, type Predictor } from '../../models/predictor.ts'
import type { Tensorflow } from '../../models/tensorflow.ts'
import { bytesOfText } from '../../models/text/dataset.ts'
import { openTextBackbone } from '../../models/text/encoder/encoder.ts'
import { textClassifier } from '../../models/text/text-classifier.ts'

export interface OpenerDeps {
  readonly tensorflow: Tensorflow
  /** The weights of the picture backbone. */
  readonly backboneFile: string
  /** The folder of the text encoder's files; without it no text version is loaded. */
  readonly textEncoderFolder?: string | undefined
  readonly limits: BatchLimits
}

/** Loads versions of every family; those of one family share its frozen network and each forward pass through it. */
export interface VersionOpener {
  /** @throws ModelNotReady naming what is missing, damaged or does not fit. */
  readonly open: (family: ModelFamily, files: VersionFiles) => Promise<Predictor>
  /** Lets the forward passes that run end. The versions are their owners' to dispose of. */
  readonly close: () => Promise<void>
}

/** Opens on first use; a failure is not kept, so the next use tries again. */
function lazily<T>(open: () => Promise<T>): {
  readonly get: () => Promise<T>
  readonly opened: () => Promise<T> | undefined
} {
  let opened: Promise<T> | undefined
  const get = () => {
    const opening = (opened ??= open())
    opening.catch(() => (opened = undefined))
    return opening
  }
  return { get, opened: () => opened }
}

export function versionOpener({ tensorflow, backboneFile, textEncoderFolder, limits }: OpenerDeps): VersionOpener {
  const pictures = lazily<SharedBackbone>(async () =>
    shareForwardPass(await openBackbone(tensorflow, backboneFile), limits),
  )
  const texts = async () => {
    if (textEncoderFolder === undefined) throw new ModelNotReady('there is no text encoder; `npm start` provisions it')
    return openTextBackbone(tensorflow, textEncoderFolder)
  }
  const openers: Readonly<Record<ModelFamily, (files: VersionFiles) => Promise<Predictor>>> = {
    'picture-classifier': async (files) => openPicturePredictor({ tensorflow, backbone: await pictures.get(), files }),
    'text-classifier': async (files) =>
      openPredictor(textClassifier({ tensorflow, backbone: await texts() }), { files, sample: bytesOfText('hello') }),
  }
  return {
    open: (family, files) => openers[family](files),
    close: async () => (await pictures.opened()?.catch(() => undefined))?.close(),
  }
}
