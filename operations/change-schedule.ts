import type { Bot } from '../domain/bot.ts'
import type { Schedule } from '../infra/temporal/schedules.ts'
import { appendAudit } from '../store/audit.ts'
import { type Asked, type NotDone, type OperationContext, withTemporal } from './operation.ts'

interface ChangeSchedule extends Asked {
  readonly bot: Pick<Bot, 'name' | 'learning'>
  readonly action: 'pause' | 'resume' | 'trigger'
  readonly note?: string | undefined
}

interface Changed {
  readonly kind: 'changed'
  readonly schedule: Schedule
}

/** Pauses or resumes a bot's Schedule, or asks now what it would ask. */
export const changeSchedule = (context: OperationContext, asked: ChangeSchedule): Promise<Changed | NotDone> => {
  const { actor, bot, action, note } = asked
  const role = action === 'trigger' ? 'reviewer' : 'admin'
  return withTemporal<Changed>(context, { name: 'change-schedule', role }, asked, {
    act: async (temporal) => ({ kind: 'changed', schedule: await temporal.changeSchedule(bot, action, note) }),
    keep: (trx) => appendAudit(trx, { actor: actor.id, action: `schedule.${action}`, subject: bot.name, details: {} }),
  })
}
