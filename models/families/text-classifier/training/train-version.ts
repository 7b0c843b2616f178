import { jsonBytes, sha256Of, type VersionFiles } from '../../../files.ts'
import { softmax } from '../../../../domain/model/calibration.ts'
import type { VersionTask } from '../../../training/task.ts'
import { heldFiguresOf, type HeldFigures } from '../../../evaluation/held-figures.ts'
import { indicesWhere, partOfExample } from '../../../datasets/examples.ts'
import type { Tensorflow } from '../../../tensorflow.ts'
import { cardOf } from '../card.ts'
import type { TextDataset } from '../dataset.ts'
import { evaluate, type Evaluation } from '../evaluate.ts'
import { fitOn, judgeOn, training, type TrainedText } from './fit.ts'
import { textDatasetFiles, weightsOf, type Metadata } from '../version-files.ts'

interface Made {
  readonly bot: string
  readonly seed: number
  readonly notes: string
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
    notes: made.notes,
    options: { steps, strength: evaluation.strength, vectorScale: trained.vectorScale, neighbours },
    datasetRoot: dataset.root,
    temperature: evaluation.temperature,
    distance: evaluation.distance,
    weightsSha256: sha256Of(made.weights),
  }
}

/** What the version says of held-out examples, calibrated. */
const heldFigures = (dataset: TextDataset, trained: TrainedText, temperature: number): HeldFigures =>
  heldFiguresOf(dataset, (indices) => judgeOn(dataset, trained, indices).map((logits) => softmax(logits, temperature)))

/**
 * Measures, then trains a version on all examples to learn from, those of the test part included, and writes its files down.
 * @throws DatasetInvalid, NotANumber, or the signal's reason.
 */
export async function trainTextVersion(
  tensorflow: Tensorflow,
  dataset: TextDataset,
  task: VersionTask,
): Promise<VersionFiles> {
  const measured = await evaluate(tensorflow.tf, dataset, task)
  const learned = indicesWhere(dataset, (example) => partOfExample(example) === 'train')
  const trained = fitOn(dataset, learned, { ...task, strength: measured.strength })
  task.onProgress?.(`trained on all ${learned.length} texts`)
  const evaluation = { ...measured, ...heldFigures(dataset, trained, measured.temperature) }
  const weights = weightsOf(trained)
  const { bot, seed, notes } = task
  const metadata = metadataOf(tensorflow, dataset, { bot, seed, notes, evaluation, trained, weights })
  return {
    'weights.bin': weights,
    'metadata.json': jsonBytes(metadata),
    'evaluation.json': jsonBytes(evaluation),
    'card.md': new TextEncoder().encode(cardOf(dataset, { evaluation, metadata, notes })),
    ...textDatasetFiles(dataset),
  }
}
