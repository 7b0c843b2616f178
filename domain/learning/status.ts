/** Why a retrain was asked for. */
export const retrainReasons = ['corrections', 'schedule', 'person', 'demo'] as const
export type RetrainReason = (typeof retrainReasons)[number]

export const retrainStates = ['running', 'succeeded', 'failed', 'cancelled'] as const
export type RetrainState = (typeof retrainStates)[number]

/** What speaks for a retrain of a bot now. */
export interface LearningStatus {
  readonly bot: string
  /** Accepted corrections that no version has learned from yet, and how many are wanted. */
  readonly accepted: number
  readonly wanted: number
  /** Of them, those that may go into one batch (`fairBatch`). */
  readonly usable: number
  /** Corrections by which what is accepted differs from what live versions hold: added, taken back, or settled otherwise. */
  readonly changes: number
  /** Of them, those that one batch may make. A person's wish needs one, whatever a version that never went live has learned. */
  readonly usableChanges: number
  /** Different people who made them, and how many are wanted; reviewers' own corrections stand without others. */
  readonly people: number
  readonly peopleWanted: number
  /** The share of them that comes from the person with most, reviewers left out; 0 when there is none. */
  readonly largestShare: number
  /** True when reviewers alone made as many as are wanted. */
  readonly reviewersBatch: boolean
  /** The version whose rollout has not ended. */
  readonly onItsWay?: number | undefined
  /** Milliseconds since the epoch. */
  readonly coolDownUntil?: number | undefined
  /** When the Schedule asks next. */
  readonly nextCheckAt?: number | undefined
  /** The number of the retrain that runs now. */
  readonly running?: number | undefined
  /** The number of the next one. */
  readonly nextNumber: number
}
