import type { Bot, ChannelName } from '../../../domain/bot.ts'
import type { Figures } from '../../../domain/model/evaluation.ts'
import type { Evidence } from '../../../domain/rollout/evidence.ts'
import type { DecisionKind } from '../../../domain/rollout/rollout.ts'
import type { GateResult, GuardLight, Judgement, Pairs } from '../../../domain/rollout/verdict.ts'
import type { ServingSet } from '../../../domain/serving-set.ts'
import type { PredictionRef } from '../../../domain/prediction.ts'
import type { LearningStatus } from '../../../domain/learning/status.ts'
import type { DecisionAnswer } from '../../../store/approvals/decisions.ts'
import type { TakenBack } from '../../../store/approvals/take-back.ts'
import type { BlindOutcome } from '../../../store/blind/labels.ts'
import type { ListedDataset } from '../../../store/versions/datasets.ts'
import type { LabellingProgress, OpenQuestion } from '../../../store/blind/blind-pages.ts'
import type { CorrectionDetail } from '../../../store/corrections/correction-details.ts'
import type { ShownInput } from '../../../store/learning/inputs-shown.ts'
import type { LearningChange } from '../../../store/learning/recent-changes.ts'
import type { RetrainSlot } from '../../../store/learning/retrains/retrain-slots.ts'
import type { Retrain } from '../../../store/learning/retrains/retrains.ts'
import type { Reviewed, ReviewRequest } from '../../../store/corrections/review-correction.ts'
import type { SlotJudgement } from '../../../store/learning/retrains/slot-judgement.ts'
import type { ComparedScores } from '../../../store/rollouts/evidence/compare-scores.ts'
import type { KeptReplay } from '../../../store/rollouts/replays/replay-reports.ts'
import type { ListedDecision } from '../../../store/rollouts/rollout-decisions.ts'
import type { RolloutEvent, RolloutKey, StoredRollout } from '../../../store/rollouts/rollouts.ts'
import type { VersionFacts } from '../../../store/rollouts/evidence/version-facts.ts'
import type { ModelVersion } from '../../../store/versions/versions.ts'
import type { rebuildVersion } from '../../../workflows/rebuild-version.ts'
import type { Schedule } from '../../contract/learning.ts'

/** What could not be asked of Temporal just now: nothing was started. */
export type Unreachable = 'unreachable'

/** Something long that a person asked for. */
export type Job<Result> =
  | {
      readonly state: 'running'
      readonly progress: { readonly done: number; readonly all: number } | undefined
    }
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'failed' }

/** How many requests were recorded then, and at most how many of them are played: the newest. */
export interface ReplayStarted {
  readonly recorded: number
  readonly most: number
}

/** One example of a dataset, as its file names it. */
export interface DatasetExample {
  readonly id: string
  readonly label: string
  readonly vendor: string
  readonly weight: number
  readonly inputSha256: string
  readonly part: string
  readonly corrections: readonly string[]
}

/** How a rollout does now, or did when its last evidence was written. */
export interface RolloutLook {
  readonly judgement: Judgement | null
  readonly lights: readonly GuardLight[]
  readonly pairs: Pairs
  readonly eValue: number
  readonly seen: number
  readonly wanted: number
}

/** Everything that is told of one rollout. */
export interface RolloutFacts extends RolloutLook {
  readonly rollout: StoredRollout
  readonly events: readonly RolloutEvent[]
  readonly evidence: Evidence | undefined
  readonly decisions: readonly ListedDecision[]
  /** What whoever asked for the version is called. */
  readonly author: string | undefined
  /** Why this person may not promote it, or hold or reject it; `undefined`: they may. */
  readonly refusals: { readonly promote: string | undefined; readonly reject: string | undefined }
}

/** What a version is compared by. */
export interface ComparisonFacts {
  readonly labels: readonly string[]
  readonly holdout: { readonly champion: Figures; readonly challenger: Figures } | undefined
  /** Held-out rows that only one of the two gets right. */
  readonly judged: Pick<SlotJudgement, 'fixed' | 'broke' | 'fixedCount' | 'brokeCount'> | undefined
  readonly scores: ComparedScores
}

export interface LearningOverview {
  readonly status: LearningStatus
  readonly schedule: Schedule | Unreachable | undefined
  readonly retrains: readonly (Retrain & { readonly slots: readonly RetrainSlot[] })[]
  readonly correctionToLiveMedianMs: number | null
}

/** What the routes of learning and rollouts need, with the database, the blobs and Temporal bound in. */
export interface LearningDeps {
  readonly overview: (bot: Bot) => Promise<LearningOverview>
  /** Hands a wish to the bot's coordinator. */
  readonly askForRetrain: (wish: {
    readonly bot: string
    readonly key: string
    readonly demo: boolean
    readonly actor: string
  }) => Promise<Unreachable | undefined>
  /** @returns whether its workflow was asked to stop; `ended` when it does not run. */
  readonly cancelRetrain: (order: {
    readonly bot: string
    readonly number: number
    readonly actor: string
  }) => Promise<Unreachable | 'asked' | 'ended' | 'unknown'>
  readonly changeSchedule: (change: {
    readonly bot: Bot
    readonly action: 'pause' | 'resume' | 'trigger'
    readonly note: string | undefined
    readonly actor: string
  }) => Promise<Schedule | Unreachable>
  readonly recent: (withinMs: number) => Promise<readonly LearningChange[]>
  readonly inputs: (refs: readonly PredictionRef[]) => Promise<ReadonlyMap<string, ShownInput>>
  /** What base examples of a bot look like, by their ids; those of datasets that were made before are left out. */
  readonly exampleInputs: (bot: string, examples: readonly string[]) => Promise<ReadonlyMap<string, ShownInput>>
  readonly corrections: {
    readonly details: (refs: readonly PredictionRef[]) => Promise<ReadonlyMap<string, CorrectionDetail>>
    readonly review: (request: ReviewRequest) => Promise<Reviewed>
    /** Tells the coordinator and the voters; what Temporal cannot take now, the relay hands on. */
    readonly tellReview: (news: {
      readonly bot: string
      readonly prediction: string
      readonly revision: number
      readonly channel: ChannelName
      readonly voteIds: readonly string[]
    }) => Promise<void>
    /** The label that people settled on, or that leads; `undefined` when nobody has said one. */
    readonly leading: (
      ref: PredictionRef,
    ) => Promise<{ readonly state: string; readonly label: string | undefined } | undefined>
  }
  readonly datasets: {
    readonly list: (bot: string) => Promise<readonly ListedDataset[]>
    readonly botOf: (root: string) => Promise<string | undefined>
    readonly versions: (bot: string) => Promise<ReadonlyMap<string, readonly number[]>>
    readonly examples: (dataset: ListedDataset) => Promise<readonly DatasetExample[]>
  }
  readonly versions: {
    readonly list: (bot: string) => Promise<readonly ModelVersion[]>
    readonly facts: (bot: string) => Promise<ReadonlyMap<number, VersionFacts>>
    readonly servingSet: (bot: string) => Promise<ServingSet | undefined>
    readonly files: (
      version: ModelVersion,
    ) => Promise<{ readonly card: string; readonly evaluation: unknown; readonly gates: readonly GateResult[] }>
    readonly replays: (key: RolloutKey) => Promise<readonly KeptReplay[]>
    readonly compare: (version: ModelVersion, other: ModelVersion) => Promise<ComparisonFacts>
  }
  readonly replays: {
    readonly start: (order: {
      readonly id: string
      readonly bot: string
      readonly version: number
      readonly against: number
      readonly since: Date | undefined
      readonly until: Date | undefined
    }) => Promise<ReplayStarted | Unreachable>
    /** The report with its bot, or `undefined` when nothing is known of it. */
    readonly job: (id: string) => Promise<(Job<KeptReplay> & { readonly bot: string }) | undefined>
  }
  readonly rebuilds: {
    /** @returns what runs it, by its id. */
    readonly start: (key: RolloutKey) => Promise<{ readonly id: string } | Unreachable>
    readonly job: (
      id: string,
    ) => Promise<(Job<Awaited<ReturnType<typeof rebuildVersion>>> & { readonly bot: string }) | undefined>
  }
  readonly rollouts: {
    readonly list: (
      bots: readonly string[],
      active: boolean,
    ) => Promise<readonly (RolloutLook & { readonly rollout: StoredRollout })[]>
    readonly one: (key: RolloutKey, viewer: string) => Promise<RolloutFacts | undefined>
    readonly known: (key: RolloutKey) => Promise<StoredRollout | undefined>
    readonly start: (
      order: RolloutKey & { readonly demo: boolean; readonly actor: string },
    ) => Promise<Unreachable | 'started' | 'known'>
    readonly evidence: (key: RolloutKey) => Promise<Evidence | undefined>
    /** Checks, keeps and hands it to the rollout; `requested`: Temporal cannot take it now, or it is on its way. */
    readonly decide: (request: {
      readonly bot: string
      readonly version: number
      readonly evidenceId: string
      readonly decision: DecisionKind
      readonly reason: string
      readonly personId: string
      readonly name: string
    }) => Promise<DecisionAnswer>
    /** Needs nothing but the database. */
    readonly takeBack: (order: {
      readonly bot: string
      readonly version?: number | undefined
      readonly to?: number | undefined
      readonly slot?: string | undefined
      readonly personId: string
      readonly reason: string
    }) => Promise<TakenBack>
  }
  readonly labels: {
    readonly open: (asked: {
      readonly bots: readonly string[]
      readonly personId: string
      readonly limit: number
    }) => Promise<readonly OpenQuestion[]>
    readonly progress: (asked: {
      readonly bots: readonly string[]
      readonly personId: string
    }) => Promise<LabellingProgress>
    readonly botOf: (questionId: string) => Promise<string | undefined>
    readonly answer: (
      bot: Bot,
      answer: { readonly questionId: string; readonly personId: string; readonly label: string | null },
    ) => Promise<BlindOutcome>
    readonly undo: (bot: Bot, undo: { readonly questionId: string; readonly personId: string }) => Promise<BlindOutcome>
  }
}
