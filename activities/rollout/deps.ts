import type { Blobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Db } from '../../store/db.ts'
import type * as contributors from '../../store/rollouts/evidence/contributors.ts'
import type * as stages from '../../store/rollouts/enter-stage.ts'
import type * as evidence from '../../store/rollouts/evidence/evidence.ts'
import type * as facts from '../../store/rollouts/evidence/evidence-facts.ts'
import type * as pairs from '../../store/rollouts/evidence/pairs.ts'
import type * as promotion from '../../store/rollouts/promote.ts'
import type * as recordings from '../../store/rollouts/replays/recordings.ts'
import type * as replays from '../../store/rollouts/replays/replay-reports.ts'
import type * as rollBack from '../../store/rollouts/rollbacks/roll-back.ts'
import type * as rollouts from '../../store/rollouts/rollouts.ts'
import type * as windows from '../../store/rollouts/evidence/windows.ts'
import type * as versions from '../../store/versions/versions.ts'
import type { RolloutActivities } from '../rollout-contract.ts'
import type { PredictOne } from '../answering/score-message.ts'

/** What rollouts ask of the store. */
export type RolloutStore = Pick<typeof rollouts, 'rolloutOf' | 'noteJudgement'> &
  Pick<typeof stages, 'openRollout' | 'enterStage' | 'refuseUnopened'> &
  Pick<typeof rollBack, 'rollBackRollout' | 'closeRollout'> &
  Pick<typeof promotion, 'promoteVersion'> &
  Pick<typeof evidence, 'keepEvidence' | 'evidenceById' | 'subjectOf'> &
  Pick<typeof facts, 'evidenceFacts'> &
  Pick<typeof contributors, 'contributionsTo' | 'newPredictionsOf'> &
  Pick<typeof pairs, 'labelledDisagreements' | 'pairsOf'> &
  Pick<typeof windows, 'rolloutWindow' | 'requestsSeen'> &
  Pick<typeof recordings, 'recordingsOf' | 'countRecordings'> &
  Pick<typeof replays, 'keepRolloutReplay' | 'rolloutReplay'> &
  Pick<typeof versions, 'preprocessingOf'>

/** What a replay stands on; also outside of a rollout. */
export interface ReplayDeps {
  readonly db: Db
  readonly store: Pick<RolloutStore, 'recordingsOf' | 'countRecordings' | 'preprocessingOf'>
  readonly blobs: Pick<Blobs, 'get'>
  /** Versions that this process holds. @throws ModelNotReady. */
  readonly predictorOf: (bot: string, version: number) => Promise<PredictOne>
  readonly clock: () => number
}

export interface RolloutDeps extends ReplayDeps {
  readonly store: RolloutStore
  readonly botOf: (name: string) => Bot
  /** Puts disagreements before the reviewers, while the rollout is watched. */
  readonly askBlind: RolloutActivities['askBlind']
  /** Kill points of proofs; nothing in production. */
  readonly at: (point: string) => void
}
