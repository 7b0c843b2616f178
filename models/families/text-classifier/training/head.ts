import { normal, seededRandom } from '../../../../domain/model/seeded-random.ts'
import { minimise } from './lbfgs.ts'
import type { SparseRow } from '../ngrams.ts'

/** What a head reads of a text: the encoder's unit vector and the scaled n-grams. */
export interface Features {
  readonly vector: Float32Array
  readonly grams: SparseRow
}

/**
 * A multinomial logistic regression. Matrices are row by row, one column per label; the vector is multiplied by
 * `training.vectorScale` first.
 */
export interface Head {
  /** [width, labels]. */
  readonly vectors: Float32Array
  /** [n-grams, labels]. */
  readonly grams: Float32Array
  readonly bias: Float32Array
}

export interface HeadTask {
  readonly features: readonly Features[]
  /** The index of each text's label, and how much the text counts. */
  readonly truths: readonly number[]
  readonly weights: readonly number[]
  readonly labels: number
  readonly width: number
  readonly grams: number
  readonly vectorScale: number
  /** The factor of Σ w² / 2 in the loss, which is a mean over the texts. */
  readonly l2: number
  readonly steps: number
  /** Not 0. */
  readonly seed: number
  readonly onStep?: (step: number, loss: number) => void
  readonly signal?: AbortSignal
}

/** Where the parts of a head are in one list of numbers. */
interface Layout {
  readonly labels: number
  readonly width: number
  readonly gramsAt: number
  readonly biasAt: number
  readonly length: number
}

function layoutOf({ labels, width, grams }: Pick<HeadTask, 'labels' | 'width' | 'grams'>): Layout {
  const gramsAt = width * labels
  const biasAt = gramsAt + grams * labels
  return { labels, width, gramsAt, biasAt, length: biasAt + labels }
}

/** Adds the logits of one text to `logits`. */
function addLogits(
  parameters: ArrayLike<number>,
  { vector, grams }: Features,
  logits: Float64Array,
  { labels, width, gramsAt, biasAt, vectorScale }: Layout & { readonly vectorScale: number },
): void {
  for (let label = 0; label < labels; label += 1) logits[label] = parameters[biasAt + label] ?? 0
  for (let at = 0; at < width; at += 1) {
    const value = (vector[at] ?? 0) * vectorScale
    const row = at * labels
    for (let label = 0; label < labels; label += 1)
      logits[label] = (logits[label] ?? 0) + value * (parameters[row + label] ?? 0)
  }
  for (let at = 0; at < grams.columns.length; at += 1) {
    const value = grams.values[at] ?? 0
    const row = gramsAt + (grams.columns[at] ?? 0) * labels
    for (let label = 0; label < labels; label += 1)
      logits[label] = (logits[label] ?? 0) + value * (parameters[row + label] ?? 0)
  }
}

/** Adds what one text's mistakes say about every parameter. */
function addSlope(
  slope: Float64Array,
  { vector, grams }: Features,
  residual: Float64Array,
  { labels, width, gramsAt, biasAt, vectorScale }: Layout & { readonly vectorScale: number },
): void {
  for (let label = 0; label < labels; label += 1)
    slope[biasAt + label] = (slope[biasAt + label] ?? 0) + (residual[label] ?? 0)
  for (let at = 0; at < width; at += 1) {
    const value = (vector[at] ?? 0) * vectorScale
    const row = at * labels
    for (let label = 0; label < labels; label += 1)
      slope[row + label] = (slope[row + label] ?? 0) + value * (residual[label] ?? 0)
  }
  for (let at = 0; at < grams.columns.length; at += 1) {
    const value = grams.values[at] ?? 0
    const row = gramsAt + (grams.columns[at] ?? 0) * labels
    for (let label = 0; label < labels; label += 1)
      slope[row + label] = (slope[row + label] ?? 0) + value * (residual[label] ?? 0)
  }
}

/** Turns logits into probabilities minus the truth, each times `share`. @returns −log p(truth) · share. */
function judge(logits: Float64Array, truth: number, share: number): number {
  let highest = -Infinity
  for (const logit of logits) highest = Math.max(highest, logit)
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - highest)
  const loss = (Math.log(sum) + highest - (logits[truth] ?? 0)) * share
  for (let label = 0; label < logits.length; label += 1)
    logits[label] = (Math.exp((logits[label] ?? 0) - highest) / sum - (label === truth ? 1 : 0)) * share
  return loss
}

function objectiveOf(task: HeadTask, layout: Layout) {
  const total = task.weights.reduce((sum, weight) => sum + weight, 0)
  const place = { ...layout, vectorScale: task.vectorScale }
  const logits = new Float64Array(layout.labels)
  return (parameters: Float64Array, slope: Float64Array): number => {
    task.signal?.throwIfAborted()
    let loss = 0
    for (let at = 0; at < layout.biasAt; at += 1) {
      const value = parameters[at] ?? 0
      loss += 0.5 * task.l2 * value * value
      slope[at] = task.l2 * value
    }
    for (const [index, features] of task.features.entries()) {
      addLogits(parameters, features, logits, place)
      loss += judge(logits, task.truths[index] ?? 0, (task.weights[index] ?? 0) / total)
      addSlope(slope, features, logits, place)
    }
    return loss
  }
}

/**
 * Trains a head from scratch on all examples at once. The sums are in double precision and in one order, so the same seed and
 * the same features give the same numbers on every machine. The loss is convex: the seed moves the result by rounding only.
 * @throws the signal's reason when it is aborted.
 */
export function trainHead(task: HeadTask): Head {
  const layout = layoutOf(task)
  const random = seededRandom(task.seed)
  const start = new Float64Array(layout.length).map(() => 1e-3 * normal(random))
  const { steps, onStep } = task
  const found = minimise(objectiveOf(task, layout), start, { steps, flat: 1e-5, ...(onStep && { onStep }) })
  return {
    vectors: Float32Array.from(found.subarray(0, layout.gramsAt)),
    grams: Float32Array.from(found.subarray(layout.gramsAt, layout.biasAt)),
    bias: Float32Array.from(found.subarray(layout.biasAt)),
  }
}

/** One row of logits per text. */
export function logitsOf(
  head: Head,
  features: readonly Features[],
  vectorScale: number,
): readonly (readonly number[])[] {
  const labels = head.bias.length
  const layout = layoutOf({ labels, width: head.vectors.length / labels, grams: head.grams.length / labels })
  const parameters = new Float32Array(layout.length)
  parameters.set(head.vectors)
  parameters.set(head.grams, layout.gramsAt)
  parameters.set(head.bias, layout.biasAt)
  const logits = new Float64Array(labels)
  return features.map((one) => {
    addLogits(parameters, one, logits, { ...layout, vectorScale })
    return [...logits]
  })
}
