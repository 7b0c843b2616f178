import { Context, heartbeat } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { retrainWorkflowId } from '../../../domain/keys.ts'
import { coordinatorOf, learningRecords, withLearningWorkers } from '../../../test/support/learning/learning-scene.ts'
import { eventually } from '../../../test/support/platforms/platform.ts'
import { patienceMs } from '../small-stack.ts'
import type { Ground } from './ground.ts'

/* Learning on scripted activities. */

/** Waits until the current details of a coordinator say so. */
const shows = (coordinator: ReturnType<typeof coordinatorOf>, words: RegExp) =>
  eventually(async () => words.test(await coordinator.details().catch(() => '')) || undefined, {
    timeoutMs: patienceMs,
    what: `details that say ${words.source}`,
  })

/** A coordinator that waits again after a retrain. */
export async function playCoordinator({ environment, keep }: Ground): Promise<void> {
  const bot = 'learner'
  const records = learningRecords(bot)
  const coordinator = coordinatorOf(environment, bot)
  await withLearningWorkers(environment, records.activities, async () => {
    await coordinator.isTold()
    await shows(coordinator, /0 of 20/)
    records.change({ accepted: 20, usable: 20, people: 3 })
    await coordinator.isTold()
    await eventually(() => Promise.resolve(records.ends[0]), { timeoutMs: patienceMs, what: 'a retrain' })
    await shows(coordinator, /nothing new to learn from/)
    await keep('coordinateLearning/retrained', coordinator.handle.workflowId)
  })
}

/** A coordinator that hears much, in two runs; the second one still runs. */
export async function playLongCoordinator({ environment, keep }: Ground): Promise<void> {
  const bot = 'learner'
  const records = learningRecords(bot, { accepted: 1 })
  const coordinator = coordinatorOf(environment, bot)
  await withLearningWorkers(environment, records.activities, async () => {
    await coordinator.isAsked('schedule', 'seen before')
    await shows(coordinator, /too few people/)
    const first = (await coordinator.handle.describe()).runId
    await eventually(
      async () => {
        await coordinator.isTold()
        return (await coordinator.handle.describe()).runId !== first || undefined
      },
      { timeoutMs: patienceMs, what: 'a new run' },
    )
    records.change({ accepted: 6, usable: 6, people: 3 })
    await coordinator.isAsked('schedule', 'new')
    await eventually(() => Promise.resolve(records.ends[0]), { timeoutMs: patienceMs, what: 'a retrain' })
    await shows(coordinator, /nothing new to learn from/)
    await keep('coordinateLearning/long-continued', coordinator.handle.workflowId, first)
    await keep('coordinateLearning/long-went-on', coordinator.handle.workflowId)
  })
}

type Activities = ReturnType<typeof learningRecords>['activities']

/** Trains until it is cancelled. */
const trainsOn: Activities['trainSlot'] = async () => {
  const beating = setInterval(() => heartbeat(), 50)
  return Context.current().cancelled.finally(() => clearInterval(beating))
}
const meetsFullDisk: Activities['trainSlot'] = () => {
  throw ApplicationFailure.create({ type: 'DiskFull', message: 'the disk is full' })
}

/** A retrain that goes as far as its training lets it; `during` may end it. */
async function playRetrain(
  { environment, keep }: Ground,
  story: string,
  retrain: {
    readonly trainSlot: Activities['trainSlot']
    readonly during?: (workflowId: string) => Promise<void>
  },
): Promise<void> {
  const { trainSlot, during } = retrain
  const order = { bot: story, number: 1, reason: 'person' } as const
  const workflowId = retrainWorkflowId(order.bot, order.number)
  const { activities } = learningRecords(order.bot)
  const { workflow } = environment.client
  await withLearningWorkers(environment, { ...activities, trainSlot }, async () => {
    const handle = await workflow.start('retrainModel', { workflowId, taskQueue: 'learning', args: [order] })
    await during?.(workflowId)
    await handle.result()
    await keep(`retrainModel/${story}`, workflowId)
  })
}

/** Retrains that end in the middle of a training. */
export async function playRetrains(ground: Ground): Promise<void> {
  await playRetrain(ground, 'failed-for-good', { trainSlot: meetsFullDisk })
  await playRetrain(ground, 'cancelled-in-training', {
    trainSlot: trainsOn,
    during: async (workflowId) => {
      const handle = ground.environment.client.workflow.getHandle(workflowId)
      const isTraining = async () => {
        const { pendingActivities } = (await handle.describe()).raw
        return pendingActivities?.some(({ activityType }) => activityType?.name === 'trainSlot') === true || undefined
      }
      await eventually(isTraining, { timeoutMs: patienceMs, what: 'the training' })
      await handle.cancel()
    },
  })
}
