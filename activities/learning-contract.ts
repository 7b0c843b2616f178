import type { LearningStatus, RetrainReason, RetrainState } from '../domain/learning/status.ts'
import type { GateResult } from '../domain/rollout/verdict.ts'

/*
 * What `coordinateLearning`, `requestRetrain` and `retrainModel` may ask of activities. Imports nothing but domain/. Everything
 * here enters histories: our own ids, label ids, hashes and counts only (docs/rules.md, rule 4).
 */

/** The one argument of `coordinateLearning`. Keys and requests that arrived before it continued as new go along. */
export interface CoordinatorRequest {
  readonly bot: string
  readonly seen?: readonly string[]
  readonly queue?: readonly RetrainRequest[]
}

/** A bot's status with what its coordinator decides by. */
export interface LearningFacts extends LearningStatus {
  /** Enough for a Schedule's retrain. */
  readonly weeklyAccepted: number
  /** Why the one that runs now was started. */
  readonly runningReason?: RetrainReason
  /** After this the coordinator reads the records again: no signal says that a cool-down or a rollout is over. */
  readonly lookAgainMs?: number
}

/** What a coordinator is told: a correction was accepted, or stopped being so; or somebody wants a retrain. */
export type CoordinatorMessage = { readonly bot: string } & (
  | { readonly kind: 'accepted'; readonly prediction: string; readonly revision: number }
  | { readonly kind: 'request'; readonly request: RetrainRequest }
)

/** A wish for a retrain; `key` makes repeats one. */
export interface RetrainRequest {
  readonly key: string
  readonly reason: Exclude<RetrainReason, 'corrections'>
  /** Our own id of the person who asks; absent when a Schedule does. */
  readonly by?: string
}

/** The one argument of `requestRetrain`: a Schedule adds the time to its workflow id, which is the key. */
export interface ScheduledRetrain {
  readonly bot: string
}

/** The one argument of `retrainModel`. */
export interface RetrainOrder {
  readonly bot: string
  readonly number: number
  readonly reason: RetrainReason
  /** Our own id of whoever asked for it. */
  readonly by?: string
}

export interface RetrainRef {
  readonly bot: string
  readonly number: number
}

/** What `retrainModel` ends with. `reason` is one sentence of our own words. */
export interface RetrainEnd {
  readonly state: Exclude<RetrainState, 'running'>
  readonly reason: string
  readonly versions: readonly number[]
}

/** A frozen dataset. */
export interface Frozen {
  readonly root: string
  readonly size: number
  /** Corrections that are learned from for the first time. */
  readonly added: number
  readonly slots: readonly string[]
}

export interface SlotRef extends RetrainRef {
  readonly slot: string
}

/** A trained version that has no number yet: its files are blobs, named in the retrain's row. */
export interface Trained {
  readonly weightsSha256: string
}

export interface Judged {
  readonly gates: readonly GateResult[]
  readonly passed: boolean
}

export interface LearningActivities {
  /** What speaks for a retrain now. */
  learningStatus(request: { readonly bot: string }): Promise<LearningFacts>
  /** Hands a message to the bot's coordinator, which starts with its first one. */
  tellCoordinator(message: CoordinatorMessage): Promise<void>
  /** The row of a retrain. Repeating it changes nothing. */
  openRetrain(order: RetrainOrder): Promise<void>
  /** Freezes base examples and accepted corrections as a dataset version. Repeating it gives the same root. @throws InvalidDataset. */
  freezeDataset(retrain: RetrainRef): Promise<Frozen>
  /** Gates (a) to (g) of a trained slot, recorded. */
  judgeSlot(slot: SlotRef): Promise<Judged>
  /** Registers the trained slots as versions with lineage and cards, in one transaction. Repeating it gives the same numbers. */
  registerVersions(retrain: RetrainRef): Promise<readonly number[]>
  /** Records how it ended, and tells whoever should know. */
  closeRetrain(end: RetrainRef & Pick<RetrainEnd, 'state' | 'reason'>): Promise<void>
}

/** Runs on the queue `training`, one at a time per worker. */
export interface TrainingActivities {
  /** Trains in a child process; heartbeats point to a checkpoint that was written before, from which the next attempt goes on. */
  trainSlot(slot: SlotRef): Promise<Trained>
}

/** The one argument of `rebuildVersion`. */
export interface RebuildRequest {
  readonly bot: string
  readonly version: number
}

/** How a rebuild ended. `differs` tells what, one thing each: hashes, versions of libraries, machine types. */
export interface Rebuilt {
  readonly outcome: 'same' | 'different' | 'refused'
  /** What the version was registered with. */
  readonly expected: string
  /** What came out now; `null` when it was refused. */
  readonly weightsSha256: string | null
  readonly differs: readonly string[]
}

/** Runs on the queue `training`. */
export interface RebuildActivities {
  /** Trains a version again from what is in its files, in a child process, and compares. */
  rebuildVersion(request: RebuildRequest): Promise<Rebuilt>
}

/** The one argument of `tellReview`: a reviewer has decided on a correction past the votes. */
export interface ReviewNews {
  readonly bot: string
  /** As in domain/prediction.ts. */
  readonly prediction: string
  readonly revision: number
  /** Votes whose people are told, by our own ids. */
  readonly voteIds: readonly string[]
}

export interface ReviewActivities {
  /** Tells one voter, once. */
  tellReviewed(news: Omit<ReviewNews, 'voteIds'> & { readonly voteId: string }): Promise<void>
}
