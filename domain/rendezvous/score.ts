import type { SelectionPolicy, Stage } from '../serving-set.ts'

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
