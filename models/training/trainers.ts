import type { ModelFamily } from '../../domain/label.ts'
import type { VersionFiles, VersionTask } from '../family.ts'
import { pictureClassifier } from '../picture-classifier.ts'
import { training as pictureTraining } from '../pictures/training/training.ts'
import { readDatasetFiles } from '../pictures/version-files.ts'
import type { Tensorflow } from '../tensorflow.ts'
import { training as textTraining } from '../text/training/fit.ts'
import { textClassifier } from '../text/text-classifier.ts'
import { readTextDatasetFiles } from '../text/version-files.ts'

/** Trains on a dataset as its files. @throws DatasetInvalid, or ModelNotReady when the files are damaged. */
type Trainer = (tensorflow: Tensorflow, dataset: VersionFiles, task: VersionTask) => Promise<VersionFiles>

/** How each family trains. */
export const trainers: Readonly<Record<ModelFamily, Trainer>> = {
  'picture-classifier': (tensorflow, dataset, task) =>
    pictureClassifier({ tensorflow }).train(readDatasetFiles(dataset), task),
  'text-classifier': (tensorflow, dataset, task) =>
    textClassifier({ tensorflow }).train(readTextDatasetFiles(dataset), task),
}

/** A change of it gives other weights of the same dataset. */
export const trainerVersions: Readonly<Record<ModelFamily, string>> = {
  'picture-classifier': pictureTraining.version,
  'text-classifier': textTraining.version,
}
