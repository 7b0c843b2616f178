import { proxyActivities } from '@temporalio/workflow'
import type { LearningActivities, TrainingActivities } from '../../activities/learning-contract.ts'
import { learningQueue, trainingQueue } from '../../domain/keys.ts'

/* The steps of learning, one proxy per class, with the retry policy of its class. */

/** A transaction or two. They are tried until the database is back: what was learned is never given up for an outage. */
export const recordSteps = proxyActivities<Pick<LearningActivities, 'learningStatus' | 'openRetrain' | 'closeRetrain'>>(
  {
    taskQueue: learningQueue,
    startToCloseTimeout: '30s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
  },
)

/** A signal to another workflow: a wish is never lost. It runs where its workflow runs. */
export const coordinatorSteps = proxyActivities<Pick<LearningActivities, 'tellCoordinator'>>({
  summary: 'Tell the coordinator',
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
})

/** Some minutes of trying: what still fails then is told to people, and the next trigger tries again. */
export const datasetSteps = proxyActivities<
  Pick<LearningActivities, 'freezeDataset' | 'judgeSlot' | 'registerVersions'>
>({
  taskQueue: learningQueue,
  startToCloseTimeout: '15m',
  // They take seconds; a worker that was killed is noticed this soon.
  heartbeatTimeout: '20s',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '1m',
    maximumAttempts: 8,
    nonRetryableErrorTypes: ['InvalidDataset', 'DiskFull'],
  },
})

/** Each attempt goes on from the checkpoint of the one before, so a few attempts are enough for the longest training. */
export const trainingSteps = proxyActivities<TrainingActivities>({
  taskQueue: trainingQueue,
  startToCloseTimeout: '2h',
  heartbeatTimeout: '30s',
  retry: {
    initialInterval: '1s',
    backoffCoefficient: 2,
    maximumInterval: '30s',
    maximumAttempts: 8,
    nonRetryableErrorTypes: ['InvalidDataset', 'NotANumber', 'DiskFull'],
  },
})
