import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow'
import type { RolloutActivities } from '../../activities/rollout-contract.ts'
import { learningQueue } from '../../domain/keys.ts'

/* The steps of `rollOutVersion`, one proxy per class, with the retry policy of its class. */

/**
 * One transaction each. They are tried until the database is back, or the version is warm: a rollout waits, and a rollback is
 * never given up.
 */
export const stageSteps = proxyActivities<
  Pick<
    RolloutActivities,
    'openRollout' | 'enterStage' | 'writeEvidence' | 'promoteVersion' | 'recordDecision' | 'rollBack' | 'closeRollout'
  >
>({
  taskQueue: learningQueue,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
})

/** Some seconds for each hundred requests; a worker that was killed is noticed by its heartbeat. */
export const replaySteps = proxyActivities<Pick<RolloutActivities, 'replayRollout'>>({
  taskQueue: learningQueue,
  summary: 'Replay the recording',
  startToCloseTimeout: '30m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
})

/**
 * Looks for as long as a stage may take. It keeps nothing, so the next attempt begins at once where this one was; nobody waits
 * for it to notice that it is not wanted any more.
 */
export const watchSteps = proxyActivities<Pick<RolloutActivities, 'watchRollout'>>({
  taskQueue: learningQueue,
  startToCloseTimeout: '60d',
  heartbeatTimeout: '12s',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5s' },
})

/** Posts to people: the call itself may take 5 s. A day of trying; after that they are no news, and the page says it anyway. */
export const newsSteps = proxyActivities<Pick<RolloutActivities, 'showCard' | 'tellRollout' | 'tellFixers'>>({
  taskQueue: learningQueue,
  startToCloseTimeout: '1m',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})
