import { ApplicationFailure } from '@temporalio/common'
import type { LearningStatus } from '../../domain/learning/status.ts'
import { learningStatusOf } from '../../store/learning/learning-status.ts'
import { closeRetrain, openRetrain } from '../../store/learning/retrains/retrains.ts'
import type { LearningActivities, TrainingActivities } from '../learning-contract.ts'
import type { LearningDeps } from './deps.ts'
import { createFreezeDataset } from './freeze-dataset.ts'
import { createJudgeSlot } from './judge-slot.ts'
import { createRegisterVersions } from './register-versions.ts'
import { createTrainSlot, type TrainingDeps } from './train-slot.ts'

/** A retrain of an earlier coordinator ends within minutes, a rollout within days; neither tells the coordinator. */
function lookAgain({ running, onItsWay }: LearningStatus): { readonly lookAgainMs?: number } {
  if (running !== undefined) return { lookAgainMs: 10_000 }
  return onItsWay === undefined ? {} : { lookAgainMs: 15 * 60_000 }
}

const createLearningStatus =
  (deps: LearningDeps): LearningActivities['learningStatus'] =>
  async ({ bot }) => {
    const { learning } = deps.botOf(bot)
    const status = await learningStatusOf(deps.db, bot, learning)
    const nextCheckAt = await deps.nextCheckAt(bot)
    const { weeklyAccepted } = learning
    return { ...status, ...lookAgain(status), weeklyAccepted, ...(nextCheckAt !== undefined && { nextCheckAt }) }
  }

const createOpenRetrain =
  (deps: LearningDeps): LearningActivities['openRetrain'] =>
  async (order) => {
    const row = await openRetrain(deps.db, order)
    deps.at('learning.opened')
    if (row?.state !== 'running')
      throw ApplicationFailure.create({
        type: 'NotTheirTurn',
        message: row === undefined ? 'another retrain is running' : 'this retrain is over',
        nonRetryable: true,
      })
  }

const createCloseRetrain =
  (deps: LearningDeps): LearningActivities['closeRetrain'] =>
  async ({ bot, number, state, reason }) => {
    await closeRetrain(deps.db, { bot, number }, { state, outcome: reason })
    deps.at('learning.closed')
  }

/** The activities of the queue `learning` that belong to retrains. */
export const createLearningActivities = (deps: LearningDeps): LearningActivities => ({
  learningStatus: createLearningStatus(deps),
  tellCoordinator: deps.tellCoordinator,
  openRetrain: createOpenRetrain(deps),
  freezeDataset: createFreezeDataset(deps),
  judgeSlot: createJudgeSlot(deps),
  registerVersions: createRegisterVersions(deps),
  closeRetrain: createCloseRetrain(deps),
})

/** The activities of the queue `training`. */
export const createTrainingActivities = (deps: TrainingDeps): TrainingActivities => ({
  trainSlot: createTrainSlot(deps),
})
