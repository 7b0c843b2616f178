import { mostLikely, type Outcome } from '../../domain/model/evaluation.ts'
import { quantile } from '../../domain/quantile.ts'

/** What happens when people are asked about every answer whose confidence is under `confidence`. */
export interface CurvePoint {
  /** Calibrated, from 0 to 1. */
  readonly confidence: number
  /** The share of the answers that people are asked about: 1 − coverage. */
  readonly share: number
  /** The share of the other answers that are wrong (the selective risk); `null` when nothing is answered without asking. */
  readonly error: number | null
}

/** Whom to ask about, read from held-out answers. The same shape in every family's `evaluation.json`. */
export interface Unsure {
  /** At most this share of the answers asks people. */
  readonly share: number
  /** Answers with less confidence than this ask people. */
  readonly confidence: number
  /** The risk–coverage curve (El-Yaniv and Wiener 2010), from asking nobody to asking about nearly everything. */
  readonly curve: readonly CurvePoint[]
}

/** At most so many of the answers may ask people. */
export const unsureShare = 0.15

/** Every 5 %: 20 points are enough to draw it. */
const curveShares = Array.from({ length: 20 }, (_, index) => index / 20)

const confidenceOf = ({ probabilities }: Outcome): number => Math.max(...probabilities)

/** One point of the curve, at a given confidence. @throws RangeError when nothing was judged. */
export function pointAt(outcomes: readonly Outcome[], confidence: number): CurvePoint {
  if (outcomes.length === 0) throw new RangeError('nothing was judged')
  const sure = outcomes.filter((outcome) => confidenceOf(outcome) >= confidence)
  const wrong = sure.filter(({ truth, probabilities }) => mostLikely(probabilities) !== truth)
  return {
    confidence,
    share: 1 - sure.length / outcomes.length,
    error: sure.length === 0 ? null : wrong.length / sure.length,
  }
}

/** The curve of held-out answers and the confidence that asks about at most `unsureShare` of them; empty without answers. */
export function unsureOf(outcomes: readonly Outcome[]): Unsure {
  if (outcomes.length === 0) return { share: unsureShare, confidence: 0, curve: [] }
  const confidences = outcomes.map(confidenceOf)
  return {
    share: unsureShare,
    confidence: quantile(confidences, unsureShare),
    curve: curveShares.map((share) => pointAt(outcomes, share === 0 ? 0 : quantile(confidences, share))),
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** The curve as a table of a model card. */
export const curveTable = ({ curve }: Unsure): string =>
  [
    '| asked below | answers that ask people | of the others wrong |',
    '|---|---|---|',
    ...curve.map(
      ({ confidence, share, error }) =>
        `| ${percent(confidence)} | ${percent(share)} | ${error === null ? 'none left' : percent(error)} |`,
    ),
  ].join('\n')
