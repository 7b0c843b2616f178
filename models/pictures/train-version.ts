import type { Dataset, VersionFiles, VersionTask } from '../family.ts'
import type { Tensorflow } from '../tensorflow.ts'
import { cardOf } from './card.ts'
import { fit, type Evaluation } from './leave-one-out.ts'
import { heldOutFileName, heldOutOf } from './together.ts'
import { training } from './training.ts'
import { datasetFiles, jsonBytes, sha256Of, weightsOf, type Metadata } from './version-files.ts'

function metadataOf(
  { backend, versions }: Tensorflow,
  dataset: Dataset,
  task: { readonly bot: string; readonly seed: number; readonly evaluation: Evaluation; readonly weights: Uint8Array },
): Metadata {
  const { steps, learningRate, l2, neighbours } = training
  return {
    bot: task.bot,
    family: 'picture-classifier',
    trainerVersion: training.version,
    labels: [...dataset.labels],
    sizes: { features: dataset.backbone.width, labels: dataset.labels.length, examples: dataset.examples.length },
    preprocessingVersion: dataset.preprocessingVersion,
    backbone: { ...dataset.backbone, cuts: [...dataset.backbone.cuts] },
    backend,
    machine: `${process.platform}-${process.arch}`,
    libraries: { ...versions, node: process.versions.node },
    seed: task.seed,
    options: { steps, learningRate, l2, neighbours },
    datasetRoot: dataset.root,
    temperature: task.evaluation.temperature,
    distance: task.evaluation.distance,
    weightsSha256: sha256Of(task.weights),
  }
}

/**
 * Trains a version and writes its files down.
 * @throws DatasetInvalid, or the signal's reason.
 */
export async function trainVersion(tensorflow: Tensorflow, dataset: Dataset, task: VersionTask): Promise<VersionFiles> {
  const { head, evaluation, heldOut } = await fit(tensorflow.tf, dataset, task)
  const weights = weightsOf(head)
  const metadata = metadataOf(tensorflow, dataset, { bot: task.bot, seed: task.seed, evaluation, weights })
  return {
    'weights.bin': weights,
    'metadata.json': jsonBytes(metadata),
    'evaluation.json': jsonBytes(evaluation),
    [heldOutFileName]: heldOutOf(heldOut),
    'card.md': new TextEncoder().encode(cardOf(dataset, { evaluation, metadata, notes: task.notes })),
    ...datasetFiles(dataset),
  }
}
