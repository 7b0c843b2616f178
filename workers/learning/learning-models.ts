import type { LearningModels } from '../../activities/learning/deps.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import type { Config } from '../../infra/config.ts'
import { openBackbone, type PictureBackbone } from '../../models/backbone.ts'
import { extendDataset, type FrozenNetworks } from '../../models/training/extenders.ts'
import { correctionWeight, peopleVendor } from '../../models/family.ts'
import { judgeVersion } from '../../models/evaluation/judge-version.ts'
import { differenceHash, groupsOf } from '../../models/pictures/near-duplicates.ts'
import type { Tensorflow } from '../../models/tensorflow.ts'
import { openTextBackbone, type TextBackbone } from '../../models/text/encoder/encoder.ts'
import { factsOf, readExamples, readMetadata, withTogether } from '../../models/version-facts.ts'
import type { VersionOpener } from '../versions/open-versions.ts'

/** Opens on first use; a failure is not kept, so the next use tries again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    const opening = (opened ??= open())
    opening.catch(() => (opened = undefined))
    return opening
  }
}

/** The frozen networks that embed what is new. */
function networksOf(config: Config, tensorflow: () => Promise<Tensorflow>): FrozenNetworks {
  const pictures = once<PictureBackbone>(async () => {
    if (config.backboneWeights === undefined)
      throw new ModelNotReady('BACKBONE_WEIGHTS is not set; `npm start` provisions the weights and sets it')
    return openBackbone(await tensorflow(), config.backboneWeights)
  })
  const texts = once<TextBackbone>(async () => {
    if (config.textEncoder === undefined) throw new ModelNotReady('there is no text encoder; `npm start` provisions it')
    return openTextBackbone(await tensorflow(), config.textEncoder)
  })
  return { pictures, texts }
}

/** What learning asks of `models/`, on this process's TensorFlow. */
export function learningModels(
  config: Config,
  shared: { readonly tensorflow: () => Promise<Tensorflow>; readonly versions: () => Promise<VersionOpener> },
): LearningModels {
  const networks = networksOf(config, shared.tensorflow)
  return {
    differenceHash,
    groupsOf,
    readExamples,
    readMetadata,
    factsOf,
    judge: judgeVersion,
    withTogether,
    correctionNumbers: { vendor: peopleVendor, weight: correctionWeight },
    extend: (family, parentFiles, task) => extendDataset(family, networks, parentFiles, task),
    open: async (family, files) => (await shared.versions()).open(family, files),
  }
}
