import { fitTemperature, softmax, type Judged } from '../../../domain/model/calibration.ts'
import {
  figuresOf,
  reliabilityOf,
  type Figures,
  type Outcome,
  type ReliabilityBin,
} from '../../../domain/model/evaluation.ts'
import { quantile } from '../../../domain/quantile.ts'
import { nearest } from '../../encoder-head/nearest.ts'
import { unsureOf, type Unsure } from '../../evaluation/risk-coverage.ts'
import { checkLearnable } from '../../datasets/examples.ts'
import { trainRowsOf } from '../../encoder-head/dataset.ts'
import type { Tensor2D, Tf } from '../../tensorflow.ts'
import type { TextDataset } from './dataset.ts'
import { fewFigures, fewFits, type FewFigures } from './training/few-examples.ts'
import { training, truthsOf, vectorOf } from './training/fit.ts'
import { accuracyOf, judgedBy, type EvaluateOptions, type Measuring } from './training/judge-fits.ts'
import { memoryOf } from './memory.ts'
import { partsOf, type Part } from './parts.ts'

/** Figures of texts that the head which judges them never saw, calibrated on texts that are in neither. */
interface PartFigures extends Figures {
  readonly name: string
  readonly learnedFrom: number
  readonly strength: number
  readonly temperature: number
  /** Share of its texts within the distance threshold. */
  readonly knownShare: number
}

export interface Evaluation {
  readonly method: string
  readonly labels: readonly string[]
  readonly parts: readonly PartFigures[]
  readonly pooled: Figures
  /** Of the pooled judgements. */
  readonly reliability: readonly ReliabilityBin[]
  readonly fewExamples: readonly FewFigures[]
  /** For the version itself: the regularisation that most parts chose. */
  readonly strength: number
  /** Of the version: fitted on all held-out judgements whose true label the judging head could know. */
  readonly temperature: number
  /** Under this confidence the share of the answers lies of which people should be asked (risk–coverage). */
  readonly unsure: Unsure
  readonly distance: { readonly neighbours: number; readonly share: number; readonly threshold: number }
}

const methods = {
  split:
    'the texts of the test part were written after those that the judging head learned from; its regularisation and its temperature were chosen on the last of the earlier ones, by a head that had not seen them',
  folds:
    'five parts take turns; regularisation and temperature were chosen on a part that the judging head had not seen; a text by the same hand as another is in the same part where there are five hands or more',
} as const

/** A label with fewer examples cannot be known to a head. */
const fewestOfLabel = 10

interface Chosen {
  readonly strength: number
  readonly temperature: number
}

/** Tries every strength on the validation part; the most accurate wins, of equals the stronger. */
async function choose(dataset: TextDataset, part: Part, options: Measuring): Promise<Chosen> {
  const tried: { readonly strength: number; readonly judged: readonly Judged[] }[] = []
  for (const strength of training.strengths) {
    const fit = { name: `${part.name} choose`, from: part.learn, on: part.validate, strength }
    const judged = await judgedBy(dataset, fit, options)
    options.onProgress?.(`${part.name}: ${(accuracyOf(judged) * 100).toFixed(1)} % right with strength ${strength}`)
    tried.push({ strength, judged })
  }
  const best = tried.reduce((one, other) => (accuracyOf(other.judged) > accuracyOf(one.judged) ? other : one))
  return { strength: best.strength, temperature: fitTemperature(best.judged) }
}

async function distancesOf(tf: Tf, dataset: TextDataset, part: Part): Promise<readonly number[]> {
  const { width } = dataset.backbone
  const tableOf = (indices: readonly number[]): Tensor2D => {
    const rows = new Float32Array(indices.length * width)
    for (const [row, index] of indices.entries()) rows.set(vectorOf(dataset, index), row * width)
    return tf.tensor2d(rows, [indices.length, width])
  }
  const [queries, references] = [tableOf(part.test), tableOf([...part.learn, ...part.validate])]
  const found = await nearest(tf, { queries, references }, training.neighbours)
  tf.dispose([queries, references])
  return found.map(({ distances }) => distances.at(-1) ?? Infinity)
}

const mostFrequent = (numbers: readonly number[]): number =>
  numbers.reduce(
    (best, one) =>
      numbers.filter((other) => other === one).length > numbers.filter((other) => other === best).length ? one : best,
    numbers[0] ?? 0,
  )

interface JudgedPart extends Chosen {
  readonly part: Part
  readonly judged: readonly Judged[]
  /** Those whose true label it had seen often enough. */
  readonly knowable: readonly Judged[]
  readonly distances: readonly number[]
}

async function judgePart(tf: Tf, dataset: TextDataset, part: Part, options: Measuring): Promise<JudgedPart> {
  const chosen = await choose(dataset, part, options)
  const past = [...part.learn, ...part.validate]
  const fit = { name: part.name, from: past, on: part.test, strength: chosen.strength }
  const judged = await judgedBy(dataset, fit, options)
  options.onProgress?.(`${part.name}: ${(accuracyOf(judged) * 100).toFixed(1)} % right of texts it had not seen`)
  const seen = truthsOf(dataset, past)
  const knowable = judged.filter(({ truth }) => seen.filter((label) => label === truth).length >= fewestOfLabel)
  return { ...chosen, part, judged, knowable, distances: await distancesOf(tf, dataset, part) }
}

const outcomesOf = (judged: readonly Judged[], temperature: number): readonly Outcome[] =>
  judged.map(({ logits, truth }) => ({ truth, probabilities: softmax(logits, temperature) }))

const partFigures = (judged: JudgedPart, threshold: number, labels: number): PartFigures => ({
  name: judged.part.name,
  learnedFrom: judged.part.learn.length + judged.part.validate.length,
  strength: judged.strength,
  temperature: judged.temperature,
  knownShare: judged.distances.filter((distance) => distance <= threshold).length / judged.distances.length,
  ...figuresOf(outcomesOf(judged.judged, judged.temperature), labels),
})

/** What the version itself takes from the held-out judgements. */
function settingsOf(
  parts: readonly JudgedPart[],
): Pick<Evaluation, 'strength' | 'temperature' | 'unsure' | 'distance'> {
  const knowable = parts.flatMap((part) => part.knowable)
  const distances = parts.flatMap((part) => part.distances)
  const temperature = fitTemperature(knowable)
  const { neighbours, knownShare } = training
  return {
    strength: mostFrequent(parts.map((part) => part.strength)),
    temperature,
    unsure: unsureOf(outcomesOf(knowable, temperature)),
    distance: { neighbours, share: knownShare, threshold: quantile(distances, knownShare) },
  }
}

/**
 * Measures how good a version of this dataset is, on texts to learn from that the judging head never saw.
 * @throws DatasetInvalid, NotANumber, or the signal's reason.
 */
export async function evaluate(tf: Tf, whole: TextDataset, given: EvaluateOptions): Promise<Evaluation> {
  checkLearnable(whole)
  const dataset = trainRowsOf(whole, (pick) => ({ grams: pick(whole.grams) }))
  const divided = partsOf(dataset)
  const fits = divided.length * (training.strengths.length + 1) + fewFits
  const options = { ...given, memory: memoryOf(given.checkpoints, fits) }
  const parts: JudgedPart[] = []
  for (const part of divided) parts.push(await judgePart(tf, dataset, part, options))
  const labels = dataset.labels.length
  const settings = settingsOf(parts)
  const { strength, distance } = settings
  const [first] = divided
  const outcomes = parts.flatMap((part) => outcomesOf(part.judged, part.temperature))
  return {
    method: dataset.split.test.length > 0 ? methods.split : methods.folds,
    labels: dataset.labels,
    parts: parts.map((judged) => partFigures(judged, distance.threshold, labels)),
    pooled: figuresOf(outcomes, labels),
    reliability: reliabilityOf(outcomes),
    fewExamples: first === undefined ? [] : await fewFigures(dataset, first, { ...options, strength }),
    ...settings,
  }
}
