import type { FamilyTask } from '../../../training/task.ts'
import type { TextDataset } from '../dataset.ts'
import { logitsOf, trainHead, type Features, type Head } from './head.ts'
import { gramScaler, gramWeightsOf, type GramWeights } from '../ngrams.ts'

/** How this family trains; a change of any of them is a new `trainerVersion`. */
export const training = {
  version: 'text-classifier-2',
  /** A training takes minutes, on a machine that others need as well. */
  budgetMs: 2 * 60 * 60_000,
  /** Steps of L-BFGS at most: later ones fit noise. */
  steps: 30,
  /** Strengths of regularisation, of which the validation part chooses one; divided by the number of texts they are its factor. */
  strengths: [4, 1.3, 0.4],
  /**
   * The weight of the encoder's vector beside the two blocks of n-grams, which are of length 1 as well. The n-grams of a few
   * texts tell little about others, so the vector leads until there are `many`.
   */
  vectorScale: { few: 4, many: 1 },
  many: 500,
  /** The share of the examples to learn from that chooses the regularisation: the last ones. */
  validationShare: 0.15,
  /** The distance of an input is that to its k-th nearest training example. */
  neighbours: 5,
  /** The share of held-out texts that count as known. */
  knownShare: 0.97,
} as const

/** A head with the n-grams that it reads. */
export interface TrainedText {
  readonly head: Head
  readonly grams: GramWeights
  readonly vectorScale: number
}

export interface FitOptions extends FamilyTask {
  readonly strength: number
  /** Another weight of the encoder's vector than the trainer's: 0 leaves the n-grams alone, as a peer. */
  readonly vectorScale?: number
  /** Told the loss after each step. */
  readonly onLoss?: (loss: number) => void
}

const vectorScaleFor = (texts: number): number =>
  texts < training.many ? training.vectorScale.few : training.vectorScale.many

export const vectorOf = ({ embeddings, backbone: { width } }: TextDataset, index: number): Float32Array =>
  embeddings.subarray(index * width, (index + 1) * width)

function featuresOf(dataset: TextDataset, grams: GramWeights, indices: readonly number[]): readonly Features[] {
  const scale = gramScaler(grams)
  return indices.map((index) => {
    const counted = dataset.grams[index] ?? { places: new Uint32Array(), counts: new Uint32Array() }
    return { vector: vectorOf(dataset, index), grams: scale(counted) }
  })
}

export const truthsOf = (dataset: TextDataset, indices: readonly number[]): readonly number[] =>
  indices.map((index) => dataset.labels.indexOf(dataset.examples[index]?.label ?? ''))

/**
 * How much each text counts: its own weight, times √(mean number of texts per label / number with its label), the square-root
 * sampling of Mahajan et al. (ECCV 2018). With equal weights a label of twenty texts among thousands is never said; with full
 * balancing the others lose more than a point (`npm run bench -- new-team`).
 */
function weightsOf({ examples }: TextDataset, indices: readonly number[]): readonly number[] {
  const counts = new Map<string, number>()
  for (const index of indices) {
    const label = examples[index]?.label ?? ''
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const mean = indices.length / counts.size
  return indices.map((index) => {
    const { weight = 1, label = '' } = examples[index] ?? {}
    return weight * Math.sqrt(mean / (counts.get(label) ?? mean))
  })
}

/** Trains a head, its n-grams' weights included, on these examples and on nothing else. @throws NotANumber, or the signal's reason. */
export function fitOn(dataset: TextDataset, indices: readonly number[], options: FitOptions): TrainedText {
  const counted = indices.flatMap((index) => dataset.grams[index] ?? [])
  const grams = gramWeightsOf(counted)
  const { vectorScale = vectorScaleFor(indices.length) } = options
  const head = trainHead({
    features: featuresOf(dataset, grams, indices),
    truths: truthsOf(dataset, indices),
    weights: weightsOf(dataset, indices),
    labels: dataset.labels.length,
    width: dataset.backbone.width,
    grams: grams.places.length,
    vectorScale,
    l2: options.strength / indices.length,
    steps: training.steps,
    seed: options.seed,
    ...(options.onLoss && { onStep: (_step: number, loss: number) => options.onLoss?.(loss) }),
    ...(options.signal && { signal: options.signal }),
  })
  return { head, grams, vectorScale }
}

/** One row of logits for each of these examples. */
export const judgeOn = (
  dataset: TextDataset,
  { head, grams, vectorScale }: TrainedText,
  indices: readonly number[],
): readonly (readonly number[])[] => logitsOf(head, featuresOf(dataset, grams, indices), vectorScale)
