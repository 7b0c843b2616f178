import { pauseBot, resumeBot } from '../store/pauses.ts'
import { type Asked, inOneTransaction, type NotDone, type OperationContext } from './operation.ts'

/** From now on what arrives for the bot is kept, and not started. */
export const pause = (
  context: OperationContext,
  asked: Asked & { readonly bot: string },
): Promise<{ readonly kind: 'paused' } | NotDone> =>
  inOneTransaction(context, { name: 'pause', role: 'approver' }, asked, async (trx) => {
    await pauseBot(trx, asked.bot, asked.actor.id)
    return { kind: 'paused' }
  })

/** Ends a pause. What waited longer than the bot allows expires, unless all is to be answered. `waited`: how many events did. */
export const resume = (
  context: OperationContext,
  asked: Asked & { readonly bot: string; readonly answerAll: boolean },
): Promise<{ readonly kind: 'resumed'; readonly waited: number } | NotDone> =>
  inOneTransaction(context, { name: 'resume', role: 'approver' }, asked, async (trx) => {
    const { bot, actor, answerAll } = asked
    return { kind: 'resumed', waited: await resumeBot(trx, { bot, actor: actor.id, answerAll }) }
  })
