import type { VersionFiles, VersionTask } from '../family.ts'
import { jsonBytes, sha256Of } from '../pictures/version-files.ts'
import type { Tensorflow } from '../tensorflow.ts'
import { cardOf } from './card.ts'
import type { TextDataset } from './dataset.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import { fitOn, training, type TrainedText } from './fit.ts'
import { textDatasetFiles, weightsOf, type Metadata } from './version-files.ts'

interface Made {
  readonly bot: string
  readonly seed: number
  readonly evaluation: Evaluation
  readonly trained: TrainedText
  readonly weights: Uint8Array
}

function metadataOf({ backend, versions }: Tensorflow, dataset: TextDataset, made: Made): Metadata {
  const { evaluation, trained } = made
  const { steps, neighbours } = training
  return {
    bot: made.bot,
    family: 'text-classifier',
    trainerVersion: training.version,
    labels: [...dataset.labels],
    sizes: {
      width: dataset.backbone.width,
      grams: trained.grams.places.length,
      labels: dataset.labels.length,
      examples: dataset.examples.length,
    },
    preprocessingVersion: dataset.preprocessingVersion,
    backbone: { ...dataset.backbone, cuts: [...dataset.backbone.cuts] },
    backend,
    machine: `${process.platform}-${process.arch}`,
    libraries: { ...versions, node: process.versions.node },
    seed: made.seed,
    options: { steps, strength: evaluation.strength, vectorScale: trained.vectorScale, neighbours },
    datasetRoot: dataset.root,
    temperature: evaluation.temperature,
    distance: evaluation.distance,
    weightsSha256: sha256Of(made.weights),
  }
}

/**
 * Measures, then trains a version on all examples, those of the test part included, and writes its files down.
 * @throws DatasetInvalid, or the signal's reason.
 */
export async function trainTextVersion(
  tensorflow: Tensorflow,
  dataset: TextDataset,
  task: VersionTask,
): Promise<VersionFiles> {
  const evaluation = await evaluate(tensorflow.tf, dataset, task)
  const all = dataset.examples.map((_, index) => index)
  const trained = fitOn(dataset, all, { ...task, strength: evaluation.strength })
  task.onProgress?.(`trained on all ${all.length} texts`)
  const weights = weightsOf(trained)
  const metadata = metadataOf(tensorflow, dataset, { bot: task.bot, seed: task.seed, evaluation, trained, weights })
  return {
    'weights.bin': weights,
    'metadata.json': jsonBytes(metadata),
    'evaluation.json': jsonBytes(evaluation),
    'card.md': new TextEncoder().encode(cardOf(dataset, { evaluation, metadata, notes: task.notes })),
    ...textDatasetFiles(dataset),
  }
}
