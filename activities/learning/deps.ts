import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import type { readExamples } from '../../models/datasets/examples.ts'
import type { Extended, ExtendTask } from '../../models/datasets/extended.ts'
import type { groupsOf } from '../../models/datasets/near-duplicates.ts'
import type { judgeVersion } from '../../models/evaluation/judge-version.ts'
import type { ClassifierFamily } from '../../models/family.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { Classifier } from '../../models/model.ts'
import type { factsOf, readMetadata } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import type { CoordinatorMessage } from '../learning-contract.ts'

/** What learning asks of `models/`. Faults are told by their `code`: see failures.ts. */
export interface LearningModels {
  readonly groupsOf: typeof groupsOf
  readonly readExamples: typeof readExamples
  readonly readMetadata: typeof readMetadata
  readonly factsOf: typeof factsOf
  readonly judge: typeof judgeVersion
  /** The hand of every correction, and how much one counts. */
  readonly correctionNumbers: { readonly vendor: string; readonly weight: number }
  /** What a bot's family says of itself. */
  readonly familyOf: (name: string) => Pick<ClassifierFamily, 'fingerprintOf' | 'gates' | 'judge' | 'together'>
  readonly extend: (family: string, parentFiles: VersionFiles, task: ExtendTask) => Promise<Extended>
  /** Loads a version as an inference worker does. */
  readonly open: (family: string, files: VersionFiles) => Promise<Classifier>
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
