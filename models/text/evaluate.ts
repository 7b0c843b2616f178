import { fitTemperature, percentile, softmax, type Judged } from '../../domain/calibration.ts'
import { figuresOf, mostLikely, type Figures, type Outcome } from '../../domain/evaluation.ts'
import { nearest } from '../pictures/nearest.ts'
import type { Tensor2D, Tf } from '../tensorflow.ts'
import type { TextDataset } from './dataset.ts'
import { fitOn, judgeOn, training, truthsOf, vectorOf, type FitOptions } from './fit.ts'
import { fewOf, partsOf, type Part } from './parts.ts'

/** Figures of texts that the head which judges them never saw, calibrated on texts that are in neither. */
interface PartFigures extends Figures {
  readonly name: string
  readonly learnedFrom: number
  readonly strength: number
  readonly temperature: number
  /** Share of its texts within the distance threshold. */
  readonly knownShare: number
}

/** How good a head is that has seen only a few examples of each label. */
export interface FewFigures {
  readonly perLabel: number
  readonly draws: number
  /** The mean over the draws, and the worst and the best of them. */
  readonly accuracy: number
  readonly lowest: number
  readonly highest: number
}

export interface Evaluation {
  readonly method: string
  readonly labels: readonly string[]
  readonly parts: readonly PartFigures[]
  readonly pooled: Figures
  readonly fewExamples: readonly FewFigures[]
  /** For the version itself: the regularisation that most parts chose. */
  readonly strength: number
  /** Of the version: fitted on all held-out judgements whose true label the judging head could know. */
  readonly temperature: number
  /** Under this confidence the share of the answers lies of which people should be asked (risk–coverage). */
  readonly unsure: { readonly share: number; readonly confidence: number }
  readonly distance: { readonly neighbours: number; readonly share: number; readonly threshold: number }
}

const methods = {
  split:
    'the texts of the test part were written after those that the judging head learned from; its regularisation and its temperature were chosen on the last of the earlier ones, by a head that had not seen them',
  folds:
    'five parts take turns; regularisation and temperature were chosen on a part that the judging head had not seen; a text by the same hand as another is in the same part where there are five hands or more',
} as const

const fewDraws = 10
const fewCounts = [5, 20] as const

/** A label with fewer examples cannot be known to a head. */
const fewestOfLabel = 10

interface Chosen {
  readonly strength: number
  readonly temperature: number
}

const judgedOf = (logits: readonly (readonly number[])[], truths: readonly number[]): readonly Judged[] =>
  logits.map((row, index) => ({ logits: row, truth: truths[index] ?? 0, weight: 1 }))

const accuracyOf = (judged: readonly Judged[]): number =>
  judged.filter(({ logits, truth }) => mostLikely(logits) === truth).length / judged.length

export type EvaluateOptions = Omit<FitOptions, 'strength'>

/** Tries every strength on the validation part; the most accurate wins, of equals the stronger. */
function choose(dataset: TextDataset, part: Part, options: EvaluateOptions): Chosen {
  const tried = training.strengths.map((strength) => {
    const trained = fitOn(dataset, part.learn, { ...options, strength })
    const judged = judgedOf(judgeOn(dataset, trained, part.validate), truthsOf(dataset, part.validate))
    options.onProgress?.(`${part.name}: ${(accuracyOf(judged) * 100).toFixed(1)} % right with strength ${strength}`)
    return { strength, judged }
  })
  const best = tried.reduce((one, other) => (accuracyOf(other.judged) > accuracyOf(one.judged) ? other : one))
  return { strength: best.strength, temperature: fitTemperature(best.judged) }
}

function fewFigures(dataset: TextDataset, part: Part, options: FitOptions) {
  const truths = truthsOf(dataset, part.test)
  return fewCounts.map((perLabel) => {
    const accuracies = Array.from({ length: fewDraws }, (_, draw) => {
      const few = fewOf(dataset, [...part.learn, ...part.validate], { count: perLabel, seed: options.seed + draw })
      const trained = fitOn(dataset, few, options)
      return accuracyOf(judgedOf(judgeOn(dataset, trained, part.test), truths))
    })
    return {
      perLabel,
      draws: fewDraws,
      accuracy: accuracies.reduce((sum, one) => sum + one, 0) / fewDraws,
      lowest: Math.min(...accuracies),
      highest: Math.max(...accuracies),
    }
  })
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

async function judgePart(tf: Tf, dataset: TextDataset, part: Part, options: EvaluateOptions): Promise<JudgedPart> {
  const chosen = choose(dataset, part, options)
  const past = [...part.learn, ...part.validate]
  const trained = fitOn(dataset, past, { ...options, strength: chosen.strength })
  const judged = judgedOf(judgeOn(dataset, trained, part.test), truthsOf(dataset, part.test))
  options.onProgress?.(`${part.name}: ${(accuracyOf(judged) * 100).toFixed(1)} % right of texts it had not seen`)
  const seen = truthsOf(dataset, past)
  const knowable = judged.filter(({ truth }) => seen.filter((label) => label === truth).length >= fewestOfLabel)
  return { ...chosen, part, judged, knowable, distances: await distancesOf(tf, dataset, part) }
}

const outcomesOf = (judged: readonly Judged[], temperature: number): readonly Outcome[] =>
  judged.map(({ logits, truth }) => ({ truth, probabilities: softmax(logits, temperature) }))

/** The confidence under which the unsure share of the answers lies; 0 without answers. */
const confidenceAt = (outcomes: readonly Outcome[]): number =>
  outcomes.length === 0
    ? 0
    : percentile(
        outcomes.map(({ probabilities }) => Math.max(...probabilities)),
        training.unsureShare,
      )

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
  const { neighbours, knownShare, unsureShare } = training
  return {
    strength: mostFrequent(parts.map((part) => part.strength)),
    temperature,
    unsure: { share: unsureShare, confidence: confidenceAt(outcomesOf(knowable, temperature)) },
    distance: { neighbours, share: knownShare, threshold: percentile(distances, knownShare) },
  }
}

/**
 * Measures how good a version of this dataset is, on texts that the judging head never saw.
 * @throws DatasetInvalid, or the signal's reason.
 */
export async function evaluate(tf: Tf, dataset: TextDataset, options: EvaluateOptions): Promise<Evaluation> {
  const parts: JudgedPart[] = []
  for (const part of partsOf(dataset)) parts.push(await judgePart(tf, dataset, part, options))
  const labels = dataset.labels.length
  const settings = settingsOf(parts)
  const { strength, distance } = settings
  return {
    method: dataset.split.test.length > 0 ? methods.split : methods.folds,
    labels: dataset.labels,
    parts: parts.map((judged) => partFigures(judged, distance.threshold, labels)),
    pooled: figuresOf(
      parts.flatMap((part) => outcomesOf(part.judged, part.temperature)),
      labels,
    ),
    fewExamples: parts.slice(0, 1).flatMap(({ part }) => fewFigures(dataset, part, { ...options, strength })),
    ...settings,
  }
}
