import { workflowBundle } from '../../../workers/workflow-bundle.ts'
import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { translateFailures } from '../../../activities/failures.ts'
import type {
  LearningActivities,
  LearningFacts,
  RetrainEnd,
  RetrainRef,
  TrainingActivities,
} from '../../../activities/learning-contract.ts'
import { learningQueue, learnWorkflowId, trainingQueue } from '../../../domain/keys.ts'
import { openStories } from '../../../infra/temporal/stories.ts'
import type { RolloutActivities } from '../../../activities/rollout-contract.ts'
import type { coordinateLearning } from '../../../workflows/coordinate-learning.ts'

type Activities = LearningActivities & TrainingActivities

type Changes = 'changes' | 'usableChanges'
/** What differs from what is live is what is new, unless a test says otherwise. */
type Records = Omit<LearningFacts, Changes> & Partial<Pick<LearningFacts, Changes>>

const nothing = {
  ...{ accepted: 0, usable: 0, wanted: 20, people: 0, peopleWanted: 3, largestShare: 0 },
  ...{ reviewersBatch: false, nextNumber: 1, weeklyAccepted: 5 },
} as const

/** What a bot's records would say, without a database: enough to see when its coordinator acts. */
export function learningRecords(bot: string, facts: Partial<LearningFacts> = {}) {
  let status: Records = { ...nothing, bot, ...facts }
  const ends: (RetrainRef & Pick<RetrainEnd, 'state' | 'reason'>)[] = []
  const steps: string[] = []
  let looks = 0
  const did = (step: string) => void steps.push(step)
  const change = (changes: Partial<LearningFacts>) => void (status = { ...status, ...changes })
  const activities: Activities = {
    learningStatus: ({ bot: asked }) => {
      // The coordinator of an earlier test's bot may still look at the records.
      if (asked !== bot) return Promise.resolve({ ...nothing, bot: asked, changes: 0, usableChanges: 0 })
      looks += 1
      return Promise.resolve({ changes: status.accepted, usableChanges: status.usable, ...status })
    },
    tellCoordinator: () => Promise.resolve(),
    openRetrain: ({ number, reason }) => {
      change({ running: number, runningReason: reason, nextNumber: number + 1 })
      did(`open ${reason}`)
      return Promise.resolve()
    },
    freezeDataset: () => {
      did('freeze')
      return Promise.resolve({ root: 'r'.repeat(64), size: 100, added: status.accepted, slots: ['main'] })
    },
    trainSlot: ({ slot }) => {
      did(`train ${slot}`)
      return Promise.resolve({ weightsSha256: 'w'.repeat(64) })
    },
    judgeSlot: ({ slot }) => {
      did(`judge ${slot}`)
      return Promise.resolve({ gates: [], passed: true })
    },
    registerVersions: ({ number }) => {
      did('register')
      change({ accepted: 0, usable: 0, people: 0 })
      return Promise.resolve([number + 1])
    },
    closeRetrain: (end) => {
      if (status.running === end.number) {
        const { running, runningReason, ...rest } = status
        status = rest
        ends.push(end)
        did(`close ${running} (${runningReason ?? ''}) ${end.state}`)
      }
      return Promise.resolve()
    },
  }
  return { activities, change, ends, steps, looks: () => looks }
}

/** Rollouts belong to other tests: here they are over as soon as they have begun. */
const rollouts: Pick<RolloutActivities, 'openRollout' | 'tellRollout' | 'tellFixers' | 'closeRollout' | 'rollBack'> = {
  openRollout: () => Promise.resolve({ stage: 'done', step: 0, steps: 1, end: 'promoted' }),
  tellRollout: () => Promise.resolve(),
  tellFixers: () => Promise.resolve(0),
  closeRollout: () => Promise.resolve(),
  rollBack: () => Promise.resolve(),
}

/** Runs workers of both queues, whose workflow cache is off, while `during` goes on. */
export async function withLearningWorkers(
  environment: TestWorkflowEnvironment,
  activities: Partial<Activities>,
  during: () => Promise<void>,
): Promise<void> {
  const shared = {
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    maxHeartbeatThrottleInterval: 100,
    activities: { ...activities, ...rollouts },
    interceptors: { activity: [translateFailures(() => undefined)] },
  }
  const learning = await Worker.create({
    ...shared,
    taskQueue: learningQueue,
    workflowBundle,
    maxCachedWorkflows: 0,
  })
  const training = await Worker.create({ ...shared, taskQueue: trainingQueue })
  await learning.runUntil(training.runUntil(during()))
}

/** The coordinator of a bot that no other test has, as the outside sees it. */
export function coordinatorOf(environment: TestWorkflowEnvironment, bot: string) {
  const { client } = environment
  const handle = client.workflow.getHandle<typeof coordinateLearning>(learnWorkflowId(bot))
  return {
    handle,
    isTold: () => openStories(client).tellCoordinator({ bot, kind: 'accepted', prediction: randomUUID(), revision: 1 }),
    isAsked: (reason: 'person' | 'schedule' | 'demo', key: string = randomUUID()) =>
      openStories(client).tellCoordinator({ bot, kind: 'request', request: { key, reason } }),
    details: async () => JSON.stringify(await handle.query('__temporal_workflow_metadata')),
  }
}
