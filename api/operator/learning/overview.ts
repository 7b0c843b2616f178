import type { Bot } from '../../../domain/bot.ts'
import { ServiceUnavailable } from '../../../domain/errors.ts'
import type { LearningStatus } from '../../../domain/learning/status.ts'
import type { Schedule } from '../../../infra/temporal/schedules.ts'
import { correctionToLive } from '../../../store/corrections/live-notices.ts'
import { learningStatusOf } from '../../../store/learning/learning-status.ts'
import { type RetrainSlot, retrainSlots } from '../../../store/learning/retrains/retrain-slots.ts'
import { type Retrain, retrainsOf } from '../../../store/learning/retrains/retrains.ts'
import type { OperatorDeps } from '../context.ts'

const mostRetrains = 10

export interface LearningOverview {
  readonly status: LearningStatus
  readonly schedule: Schedule | 'unreachable' | undefined
  readonly retrains: readonly (Retrain & { readonly slots: readonly RetrainSlot[] })[]
  readonly correctionToLiveMedianMs: number | null
}

async function scheduleOf({ operations }: OperatorDeps, bot: Bot): Promise<Schedule | 'unreachable' | undefined> {
  try {
    return await (await operations.stories()).scheduleOf(bot)
  } catch (error) {
    if (error instanceof ServiceUnavailable) return 'unreachable'
    throw error
  }
}

/** When a bot learns, what it waits for, and what its latest retrains did. */
export async function learningOverview(deps: OperatorDeps, bot: Bot): Promise<LearningOverview> {
  const { db } = deps
  const [status, schedule, retrains, live] = await Promise.all([
    learningStatusOf(db, bot.name, bot.learning),
    scheduleOf(deps, bot),
    retrainsOf(db, bot.name, mostRetrains),
    correctionToLive(db, bot.name),
  ])
  const nextAt = schedule === 'unreachable' ? undefined : schedule?.nextAt
  const nextCheckAt = typeof nextAt === 'string' ? Date.parse(nextAt) : undefined
  return {
    status: { ...status, ...(nextCheckAt !== undefined && { nextCheckAt }) },
    schedule,
    retrains: await Promise.all(retrains.map(async (each) => ({ ...each, slots: await retrainSlots(db, each) }))),
    correctionToLiveMedianMs: live.medianMs,
  }
}
