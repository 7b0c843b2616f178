import type { Stage } from './serving-set.ts'

export const selectionPolicies = ['primary-then-best'] as const
/**
 * How one answer is chosen of several scores. `primary-then-best`: the first live member if it arrived in time, else the
 * available one with the highest calibrated confidence (after mapr-demos/rendezvous).
 */
export type SelectionPolicy = (typeof selectionPolicies)[number]

/** What one version said about one input. Probabilities are calibrated and sum to 1; label ids only, so it may enter a history. */
export interface Score {
  readonly slot: string
  readonly version: number
  readonly stage: Stage
  readonly label: string
  /** Calibrated probability of `label`, 0 to 1. */
  readonly confidence: number
  /** False when the input is far from everything in training: the label must then not be told as an answer. */
  readonly known: boolean
  readonly probabilities: Readonly<Record<string, number>>
  /** How long the model itself took, in milliseconds. */
  readonly evalMs: number
}

export interface Candidate {
  readonly slot: string
  readonly version: number
  readonly label: string
  readonly confidence: number
  readonly known: boolean
  readonly arrivedMs: number
  readonly used: boolean
}

/** The answer to a request, kept with all its candidates, so that "why this answer" is a look-up. */
export interface Choice {
  readonly policy: SelectionPolicy
  readonly slot: string
  readonly version: number
  readonly label: string
  readonly confidence: number
  readonly known: boolean
  readonly reason: string
  readonly deadlineHit: boolean
  readonly candidates: readonly Candidate[]
}

/** A score with the time from the start of scoring to its arrival, in milliseconds. */
export interface Arrival {
  readonly score: Score
  readonly arrivedMs: number
}

/**
 * Picks one answer of the scores that arrived.
 * @throws RangeError when nothing arrived: the caller waits for the first score instead.
 */
export function choose(
  arrivals: readonly Arrival[],
  options: { readonly policy: SelectionPolicy; readonly primarySlot: string; readonly deadlineHit: boolean },
): Choice {
  const answering = arrivals.filter(({ score }) => score.stage === 'live' || score.stage === 'canary')
  const primary = answering.find(({ score }) => score.slot === options.primarySlot)
  const best = answering.reduce<Arrival | undefined>(
    (top, next) => (top === undefined || next.score.confidence > top.score.confidence ? next : top),
    undefined,
  )
  const chosen = primary ?? best
  if (chosen === undefined) throw new RangeError('no score has arrived')
  return {
    policy: options.policy,
    slot: chosen.score.slot,
    version: chosen.score.version,
    label: chosen.score.label,
    confidence: chosen.score.confidence,
    known: chosen.score.known,
    reason: primary
      ? 'the primary version answered in time'
      : 'the primary version was late: the most confident answered',
    deadlineHit: options.deadlineHit,
    candidates: arrivals.map(({ score, arrivedMs }) => ({
      slot: score.slot,
      version: score.version,
      label: score.label,
      confidence: score.confidence,
      known: score.known,
      arrivedMs,
      used: score === chosen.score,
    })),
  }
}
