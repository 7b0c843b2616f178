import type { Bot } from '../domain/bot.ts'
import { whyRetrain } from '../domain/learning/triggers.ts'
import { appendAudit } from '../store/audit.ts'
import { learningStatusOf } from '../store/learning/learning-status.ts'
import { retrainOf } from '../store/learning/retrains/retrains.ts'
import { idOfKey } from '../store/operations.ts'
import { type Asked, type NotDone, type OperationContext, withTemporal } from './operation.ts'

/** What a wish for a retrain meets; the coordinator decides, and of a wish that it refuses nobody hears later. */
export interface RetrainAsked {
  readonly kind: 'asked'
  /** The wish, by our id of it. */
  readonly wish: string
  /** The retrain that is under way; the wish is looked at after it. */
  readonly running?: number
  /** Why the bot does not learn now. */
  readonly wait?: string
}

/** Asks a bot to learn now. `demo`: one correction is enough, and every card says so. */
export const retrain = (
  context: OperationContext,
  asked: Asked & { readonly bot: Pick<Bot, 'name' | 'learning'>; readonly demo: boolean },
): Promise<RetrainAsked | NotDone> => {
  const { actor, bot, demo, key } = asked
  const { name, learning } = bot
  const wish = idOfKey(`${actor.id}:${key}`)
  const reason = demo ? 'demo' : 'person'
  return withTemporal<RetrainAsked>(context, { name: 'retrain', role: 'reviewer' }, asked, {
    act: async (temporal) => {
      const status = await learningStatusOf(context.db, name, learning)
      await temporal.tellCoordinator({ bot: name, kind: 'request', request: { key: wish, reason, by: actor.id } })
      if (status.running !== undefined) return { kind: 'asked', wish, running: status.running }
      const why = whyRetrain(status, reason, { now: Date.now(), numbers: learning })
      return { kind: 'asked', wish, ...('wait' in why && { wait: why.wait }) }
    },
    keep: (trx) =>
      appendAudit(trx, { actor: actor.id, action: 'retrain.requested', subject: name, details: { key: wish, demo } }),
  })
}

/** Asks a retrain that runs to stop; no version comes of it. */
export const cancelRetrain = (
  context: OperationContext,
  asked: Asked & { readonly bot: string; readonly number: number },
): Promise<{ readonly kind: 'asked' | 'ended' | 'unknown' } | NotDone> => {
  const { actor, bot, number } = asked
  return withTemporal<{ readonly kind: 'asked' | 'ended' | 'unknown' }>(
    context,
    { name: 'cancel-retrain', role: 'reviewer' },
    asked,
    {
      act: async (temporal) => {
        const known = await retrainOf(context.db, { bot, number })
        if (known === undefined) return { kind: 'unknown' }
        if (known.state !== 'running') return { kind: 'ended' }
        return { kind: await temporal.cancelRetrain({ bot, number }) }
      },
      keep: async (trx, { kind }) => {
        if (kind === 'asked')
          await appendAudit(trx, { actor: actor.id, action: 'retrain.cancelled', subject: bot, details: { number } })
      },
    },
  )
}
