import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client'
import type { Bot } from '../../domain/bot.ts'
import { learningQueue } from '../../domain/keys.ts'
import { botAttribute } from '../../workflows/messages.ts'

/** `schedule:<bot>`: when the bot's coordinator is asked whether it is time to learn. */
export const scheduleId = (bot: string): string => `schedule:${bot}`

const optionsFor = ({ name, learning }: Pick<Bot, 'name' | 'learning'>) =>
  ({
    scheduleId: scheduleId(name),
    spec: { cronExpressions: [learning.schedule], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType: 'requestRetrain',
      // Temporal adds the time, which makes the id the key of the wish.
      workflowId: `request-retrain:${name}`,
      taskQueue: learningQueue,
      args: [{ bot: name }],
      staticSummary: `Is it time for ${name} to learn?`,
      typedSearchAttributes: [{ key: botAttribute, value: name }],
    },
    // What was missed while Temporal was away for longer is asked next time: nothing is lost by one check.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1h' },
  }) satisfies ScheduleOptions

/**
 * Makes a bot's Schedule as `bot.yaml` says it. One that is there is brought up to date, and stays paused when a person paused it.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function reconcileSchedule(client: Client, bot: Pick<Bot, 'name' | 'learning'>): Promise<void> {
  const options = optionsFor(bot)
  try {
    await client.schedule.create(options)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    const { spec, action, policies } = options
    await client.schedule.getHandle(options.scheduleId).update(({ state }) => ({ spec, action, policies, state }))
  }
}

/** When the bot's Schedule asks next, in milliseconds; `undefined` when it is paused or not there. */
export async function nextCheckAt(client: Client, bot: string): Promise<number | undefined> {
  try {
    const { state, info } = await client.schedule.getHandle(scheduleId(bot)).describe()
    return state.paused ? undefined : info.nextActionTimes[0]?.getTime()
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}
