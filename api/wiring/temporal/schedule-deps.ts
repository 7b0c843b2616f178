import { type Client, ScheduleNotFoundError } from '@temporalio/client'
import type { Bot } from '../../../domain/bot.ts'
import { appendAudit } from '../../../store/audit.ts'
import type { Db } from '../../../store/db.ts'
import { reconcileSchedule, scheduleId } from '../../../workers/learning/schedules.ts'
import type { LearningDeps, Unreachable } from '../../operator/learning/deps.ts'
import type { Schedule } from '../../contract/learning.ts'
import { askTemporal } from './ask-temporal.ts'

/** A bot's Schedule as Temporal has it; `undefined` when there is none. */
export async function scheduleOf(client: Client, bot: Bot): Promise<Schedule | Unreachable | undefined> {
  const described = await askTemporal(client, () => client.schedule.getHandle(scheduleId(bot.name)).describe()).catch(
    (error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return undefined
      throw error
    },
  )
  if (described === undefined || described === 'unreachable') return described
  const { state, info } = described
  return {
    cron: bot.learning.schedule,
    nextAt: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
    paused: state.paused,
    note: state.note ?? null,
  }
}

/** Pauses, resumes or triggers a bot's Schedule, with an audit row. */
export const createChangeSchedule =
  (db: Db, client: Client): LearningDeps['changeSchedule'] =>
  async ({ bot, action, note, actor }) => {
    const handle = client.schedule.getHandle(scheduleId(bot.name))
    const changed = await askTemporal(client, async () => {
      // A Schedule that somebody has deleted is made again first.
      await reconcileSchedule(client, bot)
      if (action === 'pause') await handle.pause(note ?? 'paused on the page')
      else if (action === 'resume') await handle.unpause(note ?? 'resumed on the page')
      else await handle.trigger()
    })
    if (changed === 'unreachable') return changed
    await db
      .transaction()
      .execute((trx) => appendAudit(trx, { actor, action: `schedule.${action}`, subject: bot.name, details: {} }))
    return (await scheduleOf(client, bot)) ?? 'unreachable'
  }
