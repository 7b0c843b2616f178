import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Bot, ModelFamily } from '../../domain/bot.ts'
import type { Extended, ExtendTask } from '../../models/training/extenders.ts'
import type { VersionFiles } from '../../models/family.ts'
import type { judgeVersion } from '../../models/evaluation/judge-version.ts'
import type { differenceHash, groupsOf } from '../../models/pictures/near-duplicates.ts'
import type { Predictor } from '../../models/predictor.ts'
import type { TrainingStep } from '../../models/training/checkpoint-file.ts'
import type { factsOf, readExamples, readMetadata, withTogether } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import type * as corrections from '../../store/learning/datasets/accepted-corrections.ts'
import type * as frozen from '../../store/learning/datasets/frozen-datasets.ts'
import type * as groups from '../../store/learning/datasets/example-groups.ts'
import type * as status from '../../store/learning/learning-status.ts'
import type * as setAside from '../../store/learning/datasets/set-aside.ts'
import type * as registering from '../../store/learning/retrains/register-trained.ts'
import type * as inputs from '../../store/learning/recent-inputs.ts'
import type * as slots from '../../store/learning/retrains/retrain-slots.ts'
import type * as retrains from '../../store/learning/retrains/retrains.ts'
import type * as servingSets from '../../store/versions/serving-sets.ts'
import type * as versions from '../../store/versions/versions.ts'
import type { CoordinatorMessage } from '../learning-contract.ts'

/** What learning asks of `models/`. Faults are told by their `code`: see failures.ts. */
export interface LearningModels {
  readonly differenceHash: typeof differenceHash
  readonly groupsOf: typeof groupsOf
  readonly readExamples: typeof readExamples
  readonly readMetadata: typeof readMetadata
  readonly factsOf: typeof factsOf
  readonly judge: typeof judgeVersion
  /** The hand of every correction, and how much one counts. */
  readonly correctionNumbers: { readonly vendor: string; readonly weight: number }
  readonly withTogether: typeof withTogether
  readonly extend: (family: ModelFamily, parentFiles: VersionFiles, task: ExtendTask) => Promise<Extended>
  /** Loads a version as an inference worker does. */
  readonly open: (family: ModelFamily, files: VersionFiles) => Promise<Predictor>
}

/** One training, with everything that its process needs. */
export interface TrainingTask {
  /** The name of its folder, which all its attempts share. */
  readonly name: string
  readonly family: ModelFamily
  readonly bot: string
  readonly notes: string
  readonly seed: number
  readonly dataset: VersionFiles
  /** The later one wins. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** Told after its checkpoint is on disk. */
  readonly onStep: (step: TrainingStep) => void
}

/** Trains in a process of its own, in a folder of its own. */
export interface Trainer {
  readonly train: (task: TrainingTask) => Promise<VersionFiles>
  /** Removes what a training that is over has left. */
  readonly forget: (name: string) => Promise<void>
}

/** What every step of learning stands on. */
interface CommonDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get' | 'put'>
  readonly botOf: (name: string) => Bot
  readonly retrains: Pick<typeof retrains, 'retrainOf' | 'openRetrain' | 'closeRetrain'>
  readonly slots: Pick<
    typeof slots,
    'retrainSlot' | 'retrainSlots' | 'recordTrained' | 'recordJudged' | 'recordProgress'
  >
  /** Kill points of proofs; nothing in production. */
  readonly at: (point: string) => void
  readonly clock: () => number
}

export interface LearningDeps extends CommonDeps {
  readonly servingSets: Pick<typeof servingSets, 'servingSetOf'>
  readonly versions: Pick<typeof versions, 'versionsOf'>
  readonly corrections: Pick<typeof corrections, 'acceptedCorrections' | 'correctionsIn'>
  readonly setAside: Pick<typeof setAside, 'leaveOut' | 'leaveToReviewers'>
  readonly groups: Pick<typeof groups, 'exampleGroupsOf' | 'fixExampleGroup'>
  readonly status: Pick<typeof status, 'learningStatusOf'>
  readonly frozen: Pick<typeof frozen, 'recordFrozen' | 'frozenOf' | 'additionsTo'>
  readonly inputs: Pick<typeof inputs, 'recentInputs'>
  readonly registering: Pick<typeof registering, 'registerTrained'>
  readonly models: LearningModels
  /** When the bot's Schedule asks next, in milliseconds; `undefined` when it does not, or nobody knows. */
  readonly nextCheckAt: (bot: string) => Promise<number | undefined>
  readonly tellCoordinator: (message: CoordinatorMessage) => Promise<void>
  /** A digest of the code that makes versions. */
  readonly codeFingerprint: string
}

export interface TrainingDeps extends CommonDeps {
  readonly versions: Pick<typeof versions, 'versionsOf'>
  readonly models: Pick<LearningModels, 'readMetadata'>
  readonly trainer: Trainer
}
