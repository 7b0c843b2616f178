export const verdicts = ['pass', 'fail', 'inconclusive', 'no_data'] as const
/**
 * What the evidence says (decision 0010): `pass`: it reached its bound in the challenger's favour; `fail`: harm was
 * shown; `inconclusive`: enough was seen and nothing decided; `no_data`: too little was seen, or the sample ratio voids it.
 */
export type Verdict = (typeof verdicts)[number]

/** Whether promoting on a verdict is free, needs an explicit override, or is impossible. */
export type Promotion = 'free' | 'override' | 'impossible'

/** A person may go past evidence that decided nothing; never past shown harm, or past having seen too little. */
export function promotionOf(verdict: Verdict): Promotion {
  if (verdict === 'pass') return 'free'
  return verdict === 'inconclusive' ? 'override' : 'impossible'
}

/** A verdict with the one sentence why, and what would change it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly why: string
  readonly next: string
}

/** Labelled discordant pairs: both saw one input, they disagree, and a person who did not know which is which said who is right. */
export interface Pairs {
  /** Challenger right, champion wrong. */
  readonly wins: number
  /** Champion right, challenger wrong. */
  readonly losses: number
  /** Labelled, and neither was right. */
  readonly neither: number
}

export const gateIds = [
  'base-holdout',
  'correction-holdout',
  'beats-baseline',
  'calibrated',
  'sandbox',
  'latency',
  'golden',
] as const
/** The gates (a) to (g) before any traffic (decision 0009). */
export type GateId = (typeof gateIds)[number]

/** What one gate says; only `fail` stops a version. */
export interface GateResult {
  readonly gate: GateId
  readonly verdict: Exclude<Verdict, 'inconclusive'>
  /** One sentence with the figures. */
  readonly why: string
}

export const guardIds = [
  'errors',
  'deadline-misses',
  'latency',
  'invalid-output',
  'confidence',
  'corrections',
  'baseline-disagreement',
  'sample-ratio',
] as const
export type GuardId = (typeof guardIds)[number]

/** A guard's light. Red rolls back, but for `sample-ratio` (it voids the data) and `baseline-disagreement` (shown only). */
export interface GuardLight {
  readonly guard: GuardId
  readonly light: 'green' | 'yellow' | 'red' | 'no_data'
  /** One sentence with the figures. */
  readonly why: string
}
