import type { LearningDeps } from '../../../activities/learning/deps.ts'
import { openBlobs } from '../../../adapters/blobs/files.ts'
import { extendDataset, type FrozenNetworks } from '../../../models/training/extenders.ts'
import { correctionWeight, peopleVendor, type VersionFiles } from '../../../models/family.ts'
import { judgeVersion } from '../../../models/evaluation/judge-version.ts'
import { pictureClassifier } from '../../../models/picture-classifier.ts'
import { differenceHash, groupsOf } from '../../../models/pictures/near-duplicates.ts'
import { datasetFiles } from '../../../models/pictures/version-files.ts'
import { openTensorflow } from '../../../models/tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../../../models/testing/small-dataset.ts'
import { factsOf, readExamples, readMetadata, withTogether } from '../../../models/version-facts.ts'
import type { Db } from '../../../store/db.ts'
import { testBot } from '../bots.ts'
import { testSettings } from '../settings.ts'

const networks: FrozenNetworks = {
  pictures: () => Promise.resolve(tinyBackbone),
  texts: () => Promise.reject(new Error('there are no texts here')),
}

/** The dataset of a first version, of drawings whose features are their first bytes. */
export async function smallDataset(): Promise<VersionFiles> {
  const family = pictureClassifier({ tensorflow: await openTensorflow('auto'), backbone: tinyBackbone })
  return datasetFiles(await family.prepare(smallExamples(), { labels: smallLabels }))
}

/** The steps of learning on a real database and real models whose network is none. Nothing is loaded to answer. */
export function smallLearning(db: Db): LearningDeps {
  const labels = smallLabels.map((id) => ({ id, words: id }))
  return {
    db,
    blobs: openBlobs(testSettings().blobsUrl),
    botOf: () => testBot({ labels }),
    models: {
      ...{ differenceHash, groupsOf, readExamples, readMetadata, factsOf, withTogether, judge: judgeVersion },
      correctionNumbers: { vendor: peopleVendor, weight: correctionWeight },
      extend: (family, files, task) => extendDataset(family, networks, files, task),
      open: () => Promise.reject(new Error('nothing is loaded here')),
    },
    nextCheckAt: () => Promise.resolve(undefined),
    tellCoordinator: () => Promise.resolve(),
    codeFingerprint: 'test',
    at: () => undefined,
    clock: () => performance.now(),
  }
}
