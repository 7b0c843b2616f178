import type { Bot } from '../../domain/bot.ts'
import { canBeSilenced, optOutWish } from '../../domain/words/opt-out-words.ts'
import type { Db } from '../../store/db.ts'
import type * as messages from '../../store/messages/messages.ts'
import type * as optOuts from '../../store/people/opt-outs.ts'
import type { Prepared, Replied, ReplyRequest } from '../contract.ts'

export interface HeedDeps {
  readonly db: Db
  readonly optOuts: Pick<typeof optOuts, 'recordWish' | 'hasOptedOut'>
  readonly botOf: (name: string) => Bot
}

export interface OptOutDeps extends HeedDeps {
  readonly messages: Pick<typeof messages, 'messageById' | 'finishMessage'>
}

const silent = { kind: 'silent', reason: 'opted-out' } as const

/** A wish is kept before it is confirmed; only the message that changed something is. */
async function heedWish(deps: HeedDeps, messageId: string, wish: 'stop' | 'start'): Promise<Prepared> {
  const { optedOut, byThisMessage } = await deps.optOuts.recordWish(deps.db, { messageId, optedOut: wish === 'stop' })
  if (wish === 'start') return optedOut ? silent : { kind: 'refused', refusal: 'started' }
  return byThisMessage && optedOut ? { kind: 'refused', refusal: 'stopped' } : silent
}

/**
 * What becomes of a message by its author's wish to be left alone: it says so and is confirmed once, or it is not answered
 * because an earlier one did. `undefined`: the message is looked at.
 */
export async function heedOptOut(
  deps: HeedDeps,
  { id, message, personId }: messages.StoredMessage,
): Promise<Prepared | undefined> {
  if (!canBeSilenced(message)) return undefined
  const wish = optOutWish(message.text, deps.botOf(message.bot).words.optOut)
  if (wish !== undefined) return heedWish(deps, id, wish)
  return (await deps.optOuts.hasOptedOut(deps.db, message.bot, personId)) ? silent : undefined
}

const confirms = ({ answer }: ReplyRequest) =>
  answer.kind === 'refusal' && (answer.refusal === 'stopped' || answer.refusal === 'started')

/** `replyToMessage`, but for people who have said since their message was looked at that they want no answer. */
export const unlessOptedOut =
  (deps: OptOutDeps, reply: (request: ReplyRequest) => Promise<Replied>) =>
  async (request: ReplyRequest): Promise<Replied> => {
    const { messageId } = request
    const { message, personId } = await deps.messages.messageById(deps.db, messageId)
    const wanted =
      confirms(request) || !canBeSilenced(message) || !(await deps.optOuts.hasOptedOut(deps.db, message.bot, personId))
    if (wanted) return reply(request)
    const { reason } = silent
    await deps.messages.finishMessage(deps.db, messageId, { outcome: 'refused', reason })
    return { kind: 'withheld', reason, outcome: 'refused' }
  }
