import { balancedWeights, fitTemperature, softmax, type Judged } from '../../../../domain/model/calibration.ts'
import {
  figuresOf,
  reliabilityOf,
  type Figures,
  type Outcome,
  type ReliabilityBin,
} from '../../../../domain/model/evaluation.ts'
import { DatasetInvalid, type FamilyTask } from '../../../training/task.ts'
import { type Dataset, trainRowsOf } from '../../../encoder-head/dataset.ts'
import { checkLearnable, indicesWhere, isOfPeople } from '../../../datasets/examples.ts'
import { unsureOf, type Unsure } from '../../../evaluation/risk-coverage.ts'
import type { Tf } from '../../../tensorflow.ts'
import { indicesOf, measureDistances } from '../heads/distances.ts'
import { trainHeads, type Head, type TrainedHead } from '../heads/heads.ts'
import { training } from './training.ts'

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
  /** Of the pooled judgements. */
  readonly reliability: readonly ReliabilityBin[]
  /** The temperature of the version: fitted on the left-out judgements of all vendors. */
  readonly temperature: number
  /** Under which confidence people should be asked, from the judgements of left-out vendors. */
  readonly unsure: Unsure
  readonly distance: { readonly neighbours: number; readonly share: number; readonly threshold: number }
}

const method =
  'leave one vendor out: a head trained on all other vendors, and on no correction, judges each one; its temperature is fitted on the other vendors, each judged by a head that saw neither; probabilities are calibrated and the label is the likelier one'

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
    // A correction may be a near-copy of a left-out drawing, so heads that judge learn from none.
    used: indicesWhere(
      dataset,
      (example) => without.length === 0 || !(without.includes(example.vendor) || isOfPeople(example)),
    ),
  }))
}

/**
 * The vendors that take turns at being left out.
 * @throws DatasetInvalid unless every label is still there when any two vendors are left out; a label that only people know is exempt.
 */
function vendorsOf(dataset: Dataset): readonly string[] {
  const drawn = dataset.examples.filter((example) => !isOfPeople(example))
  for (const label of dataset.labels) {
    // A drawing that people relabelled is still its vendor's of the label that it was drawn for.
    const own = drawn.filter((one) => (one.base?.label ?? one.label) === label)
    const vendors = new Set(own.map(({ vendor }) => vendor))
    if (vendors.size > 0 && vendors.size < 3)
      throw new DatasetInvalid(
        `label ${label} needs examples of three vendors or more, so that one can be left out and one calibrated on; it has ${vendors.size}`,
      )
  }
  return [...new Set(drawn.map(({ vendor }) => vendor))].toSorted()
}

/** Trained heads with the figures that they give. */
export interface Fitted {
  readonly head: Head
  readonly evaluation: Evaluation
  /** Per example to learn from, in the dataset's order and empty for corrections, the calibrated probabilities of the head that never saw its vendor. */
  readonly heldOut: readonly (readonly number[])[]
}

interface Judge {
  readonly dataset: Dataset
  readonly truths: readonly number[]
  readonly heads: ReadonlyMap<string, TrainedHead>
}

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

async function evaluationOf(
  tf: Tf,
  judge: Judge,
  vendors: readonly string[],
): Promise<Pick<Fitted, 'evaluation' | 'heldOut'>> {
  const { labels, examples } = judge.dataset
  const scaleWithout = (vendor: string) => headWithout(judge, vendor).head
  const { threshold, shareOf } = await measureDistances(tf, judge.dataset, { vendors, scaleWithout })
  const folds = vendors.map((vendor) => {
    const others = vendors.filter((other) => other !== vendor)
    const temperature = fitTemperature(others.flatMap((other) => judged(judge, other, [vendor])))
    return { vendor, temperature, outcomes: outcomesOf(judged(judge, vendor), temperature) }
  })
  const outcomes = folds.flatMap((fold) => fold.outcomes)
  const heldOut: (readonly number[])[] = examples.map(() => [])
  for (const fold of folds)
    for (const [at, index] of indicesOf(judge.dataset, fold.vendor).entries())
      heldOut[index] = fold.outcomes[at]?.probabilities ?? []
  const evaluation = {
    method,
    labels,
    vendors: folds.map(({ vendor, temperature, outcomes: own }) => ({
      vendor,
      temperature,
      knownShare: shareOf(vendor),
      ...figuresOf(own, labels.length),
    })),
    pooled: figuresOf(outcomes, labels.length),
    reliability: reliabilityOf(outcomes),
    unsure: unsureOf(outcomes),
    temperature: fitTemperature(vendors.flatMap((vendor) => judged(judge, vendor))),
    distance: { neighbours: training.neighbours, share: training.knownShare, threshold },
  }
  return { evaluation, heldOut }
}

/**
 * Trains the head of a version on the examples to learn from and, beside it in the same matrix products, those that leave vendors out.
 * @throws NotANumber, DatasetInvalid, or the signal's reason when it is aborted.
 */
export async function fit(tf: Tf, whole: Dataset, task: FamilyTask): Promise<Fitted> {
  checkLearnable(whole)
  const dataset = trainRowsOf(whole)
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
      ...(task.checkpoints && { checkpoints: task.checkpoints }),
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
  return { head: headWithout(judge).head, ...(await evaluationOf(tf, judge, vendors)) }
}
