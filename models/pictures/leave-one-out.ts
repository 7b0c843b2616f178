import { balancedWeights, fitTemperature, percentile, softmax, type Judged } from '../../domain/calibration.ts'
import { figuresOf, type Figures, type Outcome } from '../../domain/evaluation.ts'
import { DatasetInvalid, type Dataset, type FamilyTask } from '../family.ts'
import type { Tensor2D, Tf } from '../tensorflow.ts'
import { trainHeads, type Head, type TrainedHead } from './heads.ts'
import { nearest, standardise } from './nearest.ts'

/** How this family trains; a change of any of them is a new `trainerVersion`. */
export const training = {
  version: 'picture-classifier-1',
  steps: 200,
  learningRate: 0.01,
  l2: 0.06,
  /** The distance of an input is that to its k-th nearest training example. */
  neighbours: 5,
  /** The share of pictures of left-out vendors that count as known. */
  knownShare: 0.99,
} as const

/** Figures of one vendor by a head that never saw it, calibrated on vendors that this head never saw either. */
interface VendorFigures extends Figures {
  readonly vendor: string
  readonly temperature: number
  /** Share of its pictures within the distance threshold of the whole dataset. */
  readonly knownShare: number
}

export interface Evaluation {
  readonly method: string
  readonly labels: readonly string[]
  readonly vendors: readonly VendorFigures[]
  readonly pooled: Figures
  /** The temperature of the version: fitted on the left-out judgements of all vendors. */
  readonly temperature: number
  readonly distance: { readonly neighbours: number; readonly share: number; readonly threshold: number }
}

const method =
  'leave one vendor out: a head trained on all other vendors judges each one; its temperature is fitted on the other vendors, each judged by a head that saw neither; probabilities are calibrated and the label is the likelier one'

interface Plan {
  readonly without: readonly string[]
  readonly used: readonly number[]
}

const keyOf = (...vendors: readonly string[]): string => vendors.toSorted().join(' ')

/** Every set of at most two vendors that heads have to be trained without; the first is the version itself. */
function plansOf(dataset: Dataset, vendors: readonly string[]): readonly Plan[] {
  const pairs = vendors.flatMap((one, at) => vendors.slice(at + 1).map((other) => [one, other]))
  return [[], ...vendors.map((vendor) => [vendor]), ...pairs].map((without) => ({
    without,
    used: dataset.examples.flatMap(({ vendor }, index) => (without.includes(vendor) ? [] : [index])),
  }))
}

/** @throws DatasetInvalid unless every label is still there when any two vendors are left out. */
function vendorsOf(dataset: Dataset): readonly string[] {
  for (const label of dataset.labels) {
    const vendors = new Set(dataset.examples.filter((one) => one.label === label).map(({ vendor }) => vendor))
    if (vendors.size < 3)
      throw new DatasetInvalid(
        `label ${label} needs examples of three vendors or more, so that one can be left out and one calibrated on; it has ${vendors.size}`,
      )
  }
  return [...new Set(dataset.examples.map(({ vendor }) => vendor))].toSorted()
}

/** Trained heads with the figures that they give. */
export interface Fitted {
  readonly head: Head
  readonly evaluation: Evaluation
}

interface Judge {
  readonly dataset: Dataset
  readonly truths: readonly number[]
  readonly heads: ReadonlyMap<string, TrainedHead>
}

const indicesOf = (dataset: Dataset, vendor: string): readonly number[] =>
  dataset.examples.flatMap((example, index) => (example.vendor === vendor ? [index] : []))

function headWithout(judge: Judge, ...vendors: readonly string[]): TrainedHead {
  const head = judge.heads.get(keyOf(...vendors))
  if (head === undefined) throw new RangeError('no head was trained without these vendors')
  return head
}

/** What the head without `vendor` (and `also`) says about the vendor's examples, each label counting the same. */
function judged(judge: Judge, vendor: string, also: readonly string[] = []): readonly Judged[] {
  const { logits } = headWithout(judge, vendor, ...also)
  const labels = judge.dataset.labels.length
  const indices = indicesOf(judge.dataset, vendor)
  const weights = balancedWeights(indices.map((index) => judge.truths[index] ?? 0))
  return indices.map((index, at) => ({
    logits: [...logits.subarray(index * labels, (index + 1) * labels)],
    truth: judge.truths[index] ?? 0,
    weight: weights[at] ?? 0,
  }))
}

const outcomesOf = (judgements: readonly Judged[], temperature: number): readonly Outcome[] =>
  judgements.map(({ logits, truth }) => ({ truth, probabilities: softmax(logits, temperature) }))

/** Distances of a vendor's pictures to those of all others, in the scale of the head without it. */
async function distancesOf(tf: Tf, judge: Judge, features: Tensor2D, vendor: string): Promise<readonly number[]> {
  const { head } = headWithout(judge, vendor)
  const own = indicesOf(judge.dataset, vendor)
  const others = judge.dataset.examples.flatMap((example, index) => (example.vendor === vendor ? [] : [index]))
  const [queries, references] = [own, others].map((indices) =>
    tf.tidy(() => standardise(tf, tf.gather(features, tf.tensor1d([...indices], 'int32')), head)),
  ) as [Tensor2D, Tensor2D]
  const found = await nearest(tf, { queries, references }, training.neighbours)
  tf.dispose([queries, references])
  return found.map(({ distances }) => distances.at(-1) ?? Infinity)
}

async function measureDistances(tf: Tf, judge: Judge, vendors: readonly string[]) {
  const { embeddings, examples, backbone } = judge.dataset
  const features = tf.tensor2d(embeddings, [examples.length, backbone.width])
  const distances = new Map<string, readonly number[]>()
  try {
    for (const vendor of vendors) distances.set(vendor, await distancesOf(tf, judge, features, vendor))
  } finally {
    features.dispose()
  }
  const threshold = percentile([...distances.values()].flat(), training.knownShare)
  const shareOf = (vendor: string) => {
    const own = distances.get(vendor) ?? []
    return own.filter((distance) => distance <= threshold).length / own.length
  }
  return { threshold, shareOf }
}

async function evaluationOf(tf: Tf, judge: Judge, vendors: readonly string[]): Promise<Evaluation> {
  const { labels } = judge.dataset
  const { threshold, shareOf } = await measureDistances(tf, judge, vendors)
  const folds = vendors.map((vendor) => {
    const others = vendors.filter((other) => other !== vendor)
    const temperature = fitTemperature(others.flatMap((other) => judged(judge, other, [vendor])))
    return { vendor, temperature, outcomes: outcomesOf(judged(judge, vendor), temperature) }
  })
  return {
    method,
    labels,
    vendors: folds.map(({ vendor, temperature, outcomes }) => ({
      vendor,
      temperature,
      knownShare: shareOf(vendor),
      ...figuresOf(outcomes, labels.length),
    })),
    pooled: figuresOf(
      folds.flatMap(({ outcomes }) => outcomes),
      labels.length,
    ),
    temperature: fitTemperature(vendors.flatMap((vendor) => judged(judge, vendor))),
    distance: { neighbours: training.neighbours, share: training.knownShare, threshold },
  }
}

/**
 * Trains the head of a version and, beside it in the same matrix products, those that leave vendors out.
 * @throws DatasetInvalid, or the signal's reason when it is aborted.
 */
export async function fit(tf: Tf, dataset: Dataset, task: FamilyTask): Promise<Fitted> {
  const vendors = vendorsOf(dataset)
  const plans = plansOf(dataset, vendors)
  const truths = dataset.examples.map(({ label }) => dataset.labels.indexOf(label))
  task.onProgress?.(`training ${plans.length} heads on ${truths.length} examples of ${vendors.length} vendors`)
  const trained = await trainHeads(
    tf,
    {
      features: dataset.embeddings,
      width: dataset.backbone.width,
      truths,
      weights: dataset.examples.map(({ weight }) => weight),
      labels: dataset.labels.length,
    },
    {
      ...training,
      seed: task.seed,
      plans: plans.map(({ used }) => used),
      onStep: (step, loss) =>
        task.onProgress?.(`step ${step} of ${training.steps}, loss ${(loss / plans.length).toFixed(4)}`),
      ...(task.signal && { signal: task.signal }),
    },
  )
  const heads = new Map(
    plans.flatMap(({ without }, index) => {
      const head = trained[index]
      return head === undefined ? [] : [[keyOf(...without), head] as const]
    }),
  )
  task.signal?.throwIfAborted()
  const judge = { dataset, truths, heads }
  return { head: headWithout(judge).head, evaluation: await evaluationOf(tf, judge, vendors) }
}
