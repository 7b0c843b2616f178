import { NoScore } from '../errors.ts'
import { average, best, chosenBy, first, highestConfidence, primaryThenBest, weighted } from './selection.ts'
import type { Stage } from '../serving-set.ts'

export const selectionPolicies = ['primary-then-best', 'highest-confidence', 'average', 'first', 'weighted'] as const
/**
 * How one answer is chosen of several scores (learning-and-rollouts.md §2.3).
 * - `primary-then-best`: the first live member if it arrived in time, else the most confident one.
 * - `highest-confidence`: the most confident one; only when every live version is calibrated, else as `primary-then-best`.
 * - `average`: the label with the highest mean probability of those that arrived.
 * - `first`: whoever answers first.
 * - `weighted`: each conversation belongs to one version, by its weight; when that one is late, the most confident one.
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
  /** Of the answer: one version's, or the mean of several. */
  readonly probabilities: Readonly<Record<string, number>>
  /** Live versions that had not answered when it was chosen, as `<slot> v<version>`. */
  readonly late: readonly string[]
}

/** A score with the time from the start of scoring to its arrival, in milliseconds. */
export interface Arrival {
  readonly score: Score
  readonly arrivedMs: number
}

/** Who takes part, beside those that arrived. */
export interface Rendezvous {
  readonly policy: SelectionPolicy
  /** The members that may answer, in the order of precedence. */
  readonly answering: readonly { readonly slot: string; readonly version: number; readonly weight: number }[]
  /** Answers when nothing else arrived by the deadline. */
  readonly baseline: { readonly slot: string; readonly version: number } | undefined
  /** Whether every answering version is calibrated. */
  readonly calibrated: boolean
  /** Where this conversation falls between 0 and 1; the same for every message of a person. */
  readonly share: number
  readonly deadlineHit: boolean
}

const isOf = (member: { readonly slot: string; readonly version: number }) => (arrival: Arrival) =>
  arrival.score.slot === member.slot && arrival.score.version === member.version

/** What the policy makes of the scores of those that may answer. */
function byPolicy(arrived: readonly Arrival[], rendezvous: Rendezvous) {
  switch (rendezvous.policy) {
    case 'primary-then-best':
      return primaryThenBest(arrived, rendezvous)
    case 'highest-confidence':
      return rendezvous.calibrated ? highestConfidence(arrived) : primaryThenBest(arrived, rendezvous)
    case 'average':
      return average(arrived)
    case 'first':
      return first(arrived)
    case 'weighted':
      return weighted(arrived, rendezvous)
  }
}

/**
 * Picks one answer of the scores that arrived.
 * @throws NoScore when nothing that may answer has arrived: the caller waits for the first score instead.
 */
export function choose(arrivals: readonly Arrival[], rendezvous: Rendezvous): Choice {
  const arrived = rendezvous.answering.flatMap((member) => arrivals.find(isOf(member)) ?? [])
  const fallback = rendezvous.baseline && arrivals.find(isOf(rendezvous.baseline))
  const picked =
    arrived.length > 0
      ? byPolicy(arrived, rendezvous)
      : fallback && chosenBy(fallback, 'no live version answered in time: the baseline did')
  if (picked === undefined) throw new NoScore()
  const { from, used, ...answer } = picked
  return {
    policy: rendezvous.policy,
    slot: from.score.slot,
    version: from.score.version,
    ...answer,
    deadlineHit: rendezvous.deadlineHit,
    candidates: arrivals.map((arrival) => ({
      slot: arrival.score.slot,
      version: arrival.score.version,
      label: arrival.score.label,
      confidence: arrival.score.confidence,
      known: arrival.score.known,
      arrivedMs: arrival.arrivedMs,
      used: used.includes(arrival),
    })),
    late: rendezvous.answering
      .filter((member) => !arrivals.some(isOf(member)))
      .map(({ slot, version }) => `${slot} v${version}`),
  }
}

/** Whether waiting longer could still change the choice. */
export const isDecided = (
  arrivals: readonly Arrival[],
  rendezvous: Pick<Rendezvous, 'policy' | 'answering'>,
): boolean => {
  const arrived = rendezvous.answering.filter((member) => arrivals.some(isOf(member)))
  return arrived.length === rendezvous.answering.length || (rendezvous.policy === 'first' && arrived.length > 0)
}

/** The most confident of the candidates, for people who ask what every version says. */
export const mostConfident = (choice: Choice): Candidate | undefined =>
  best(choice.candidates, (each) => each.confidence)
