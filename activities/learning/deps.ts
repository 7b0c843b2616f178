import type { ModelFamily } from '../../domain/label.ts'
import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Extended, ExtendTask } from '../../models/training/extenders.ts'
import type { VersionFiles } from '../../models/family.ts'
import type { judgeVersion } from '../../models/evaluation/judge-version.ts'
import type { differenceHash, groupsOf } from '../../models/pictures/near-duplicates.ts'
import type { Predictor } from '../../models/predictor.ts'
import type { factsOf, readExamples, readMetadata, withTogether } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
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

/** What the steps of retrains stand on. */
export interface LearningDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get' | 'put'>
  readonly botOf: (name: string) => Bot
  /** Kill points of proofs; nothing in production. */
  readonly at: (point: string) => void
  readonly clock: () => number
  readonly models: LearningModels
  /** When the bot's Schedule asks next, in milliseconds; `undefined` when it does not, or nobody knows. */
  readonly nextCheckAt: (bot: string) => Promise<number | undefined>
  readonly tellCoordinator: (message: CoordinatorMessage) => Promise<void>
  /** A digest of the code that makes versions. */
  readonly codeFingerprint: string
}
