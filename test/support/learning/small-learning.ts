import type { LearningDeps } from '../../../activities/learning/deps.ts'
import { openBlobs } from '../../../adapters/blobs/files.ts'
import { families } from '../../../models/families/index.ts'
import type { VersionFiles } from '../../../models/files.ts'
import { pictureClassifier } from '../../../models/families/picture-classifier/picture-classifier.ts'
import { datasetFiles } from '../../../models/encoder-head/dataset.ts'
import { openTensorflow } from '../../../models/tensorflow.ts'
import { smallExamples, smallLabels, tinyBackbone } from '../../../models/testing/small-dataset.ts'
import { tinyAssets } from '../../../models/testing/tiny-assets.ts'
import type { Db } from '../../../store/db.ts'
import { learningModels } from '../../../workers/learning/learning-models.ts'
import { testBot } from '../bots.ts'
import { testSettings } from '../settings.ts'

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
    models: learningModels(families, {
      assets: tinyAssets(),
      runtime: { open: () => Promise.reject(new Error('nothing is loaded here')) },
    }),
    nextCheckAt: () => Promise.resolve(undefined),
    tellCoordinator: () => Promise.resolve(),
    codeFingerprint: 'test',
    at: () => undefined,
    clock: () => performance.now(),
  }
}
