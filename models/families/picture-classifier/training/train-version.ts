import { jsonBytes, sha256Of, type VersionFiles } from '../../../files.ts'
import { softmax } from '../../../../domain/model/calibration.ts'
import { type Dataset, datasetFiles } from '../../../encoder-head/dataset.ts'
import type { VersionTask } from '../../../training/task.ts'
import { heldFiguresOf, type HeldFigures } from '../../../evaluation/held-figures.ts'
import type { Tensorflow } from '../../../tensorflow.ts'
import { logitsOfRows } from '../heads/apply-head.ts'
import { cardOf } from '../card.ts'
import type { Head } from '../heads/heads.ts'
import { fit, type Evaluation } from './leave-one-out.ts'
import { heldOutFileName, heldOutOf } from '../together.ts'
import { training } from './training.ts'
import { weightsOf, type Metadata } from '../version-files.ts'

function metadataOf(
  { backend, versions }: Tensorflow,
  dataset: Dataset,
  task: Pick<VersionTask, 'bot' | 'seed' | 'notes'> & { readonly evaluation: Evaluation; readonly weights: Uint8Array },
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
    notes: task.notes,
    options: { steps, learningRate, l2, neighbours },
    datasetRoot: dataset.root,
    temperature: task.evaluation.temperature,
    distance: task.evaluation.distance,
    weightsSha256: sha256Of(task.weights),
  }
}

/** What a head says of held-out examples, calibrated. */
function heldFigures(dataset: Dataset, head: Head, temperature: number): HeldFigures {
  const { width } = dataset.backbone
  const rowOf = (index: number) => dataset.embeddings.subarray(index * width, (index + 1) * width)
  return heldFiguresOf(dataset, (indices) =>
    logitsOfRows(head, indices.map(rowOf)).map((logits) => softmax(logits, temperature)),
  )
}

/**
 * Trains a version on the examples to learn from, and writes its files down.
 * @throws DatasetInvalid, NotANumber, or the signal's reason.
 */
export async function trainVersion(tensorflow: Tensorflow, dataset: Dataset, task: VersionTask): Promise<VersionFiles> {
  const { head, evaluation: measured, heldOut } = await fit(tensorflow.tf, dataset, task)
  const evaluation = { ...measured, ...heldFigures(dataset, head, measured.temperature) }
  const weights = weightsOf(head)
  const { bot, seed, notes } = task
  const metadata = metadataOf(tensorflow, dataset, { bot, seed, notes, evaluation, weights })
  return {
    'weights.bin': weights,
    'metadata.json': jsonBytes(metadata),
    'evaluation.json': jsonBytes(evaluation),
    [heldOutFileName]: heldOutOf(heldOut),
    'card.md': new TextEncoder().encode(cardOf(dataset, { evaluation, metadata, notes })),
    ...datasetFiles(dataset),
  }
}
