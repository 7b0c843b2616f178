import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client'
import type { Logger } from 'pino'
import type { Bot } from '../../domain/bot.ts'
import { learningQueue } from '../../domain/keys.ts'
import { botAttribute } from '../../workflows/messages.ts'

const prefix = 'schedule:'
const workflowType = 'requestRetrain'

/** `schedule:<bot>`: when the bot's coordinator is asked whether it is time to learn. */
export const scheduleId = (bot: string): string => `${prefix}${bot}`

const optionsFor = ({ name, learning }: Pick<Bot, 'name' | 'learning'>) =>
  ({
    scheduleId: scheduleId(name),
    spec: { cronExpressions: [learning.schedule], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType,
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
async function reconcileSchedule(client: Client, bot: Pick<Bot, 'name' | 'learning'>): Promise<void> {
  const options = optionsFor(bot)
  try {
    await client.schedule.create(options)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    const { spec, action, policies } = options
    await client.schedule.getHandle(options.scheduleId).update(({ state }) => ({ spec, action, policies, state }))
  }
}

type ScheduledBot = Pick<Bot, 'name' | 'learning'>

/** A bot's Schedule as Temporal has it. */
export interface Schedule {
  readonly cron: string
  /** ISO 8601; `null` while it is paused. */
  readonly nextAt: string | null
  readonly paused: boolean
  readonly note: string | null
}

/** `undefined` when there is none. */
export async function scheduleOf(client: Client, { name, learning }: ScheduledBot): Promise<Schedule | undefined> {
  try {
    const { state, info } = await client.schedule.getHandle(scheduleId(name)).describe()
    return {
      cron: learning.schedule,
      nextAt: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
      paused: state.paused,
      note: state.note ?? null,
    }
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}

/** Pauses or resumes a bot's Schedule, or asks now what it would ask. One that somebody has deleted is made again first. */
export async function changeSchedule(
  client: Client,
  bot: ScheduledBot,
  { action, note }: { readonly action: 'pause' | 'resume' | 'trigger'; readonly note: string | undefined },
): Promise<Schedule> {
  const handle = client.schedule.getHandle(scheduleId(bot.name))
  await reconcileSchedule(client, bot)
  if (action === 'pause') await handle.pause(note ?? 'paused on the page')
  else if (action === 'resume') await handle.unpause(note ?? 'resumed on the page')
  else await handle.trigger()
  const changed = await scheduleOf(client, bot)
  if (changed === undefined) throw new Error('a Schedule that was just changed is not there')
  return changed
}

async function reconcileOne(client: Client, bot: ScheduledBot, log: Pick<Logger, 'error'>): Promise<void> {
  try {
    await reconcileSchedule(client, bot)
  } catch (error) {
    // That is what the client makes of an argument that the server refuses.
    if (!(error instanceof TypeError)) throw error
    const { schedule } = bot.learning
    log.error(
      { bot: bot.name, schedule },
      'Temporal does not take this schedule of bot.yaml; the bot is not asked weekly',
    )
  }
}

/**
 * Makes the Schedules of all bots as their `bot.yaml` say it, and deletes those of bots that are no more. One that Temporal does
 * not take is logged, and stops no other bot from learning.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function reconcileSchedules(
  client: Client,
  bots: readonly ScheduledBot[],
  log: Pick<Logger, 'error'>,
): Promise<void> {
  for (const bot of bots) await reconcileOne(client, bot, log)
  const wanted = new Set(bots.map(({ name }) => scheduleId(name)))
  for await (const { scheduleId: id, action } of client.schedule.list()) {
    const isOurs = id.startsWith(prefix) && action?.workflowType === workflowType
    if (isOurs && !wanted.has(id)) await client.schedule.getHandle(id).delete()
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
