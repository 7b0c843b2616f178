import { canBeSilenced, optOutWish } from '../../domain/words/opt-out-words.ts'
import type { Db } from '../../store/db.ts'
import { finishMessage, messageById, type StoredMessage } from '../../store/messages/messages.ts'
import { hasOptedOut, recordWish } from '../../store/people/opt-outs.ts'
import type { Prepared, Replied, ReplyRequest } from '../contract.ts'
import type { PostDeps } from '../post-once.ts'

type HeedDeps = Pick<PostDeps, 'db' | 'botOf'>

const silent = { kind: 'silent', reason: 'opted-out' } as const

/** A wish is kept before it is confirmed; only the message that changed something is. */
async function heedWish(db: Db, messageId: string, wish: 'stop' | 'start'): Promise<Prepared> {
  const { optedOut, byThisMessage } = await recordWish(db, { messageId, optedOut: wish === 'stop' })
  if (wish === 'start') return optedOut ? silent : { kind: 'refused', refusal: 'started' }
  return byThisMessage && optedOut ? { kind: 'refused', refusal: 'stopped' } : silent
}

/**
 * What becomes of a message by its author's wish to be left alone: it says so and is confirmed once, or it is not answered
 * because an earlier one did. `undefined`: the message is looked at.
 */
export async function heedOptOut(
  deps: HeedDeps,
  { id, message, personId }: StoredMessage,
): Promise<Prepared | undefined> {
  if (!canBeSilenced(message)) return undefined
  const wish = optOutWish(message.text, deps.botOf(message.bot).words.optOut)
  if (wish !== undefined) return heedWish(deps.db, id, wish)
  return (await hasOptedOut(deps.db, message.bot, personId)) ? silent : undefined
}

const confirms = ({ answer }: ReplyRequest) =>
  answer.kind === 'refusal' && (answer.refusal === 'stopped' || answer.refusal === 'started')

/** `replyToMessage`, but for people who have said since their message was looked at that they want no answer. */
export const unlessOptedOut =
  (db: Db, reply: (request: ReplyRequest) => Promise<Replied>) =>
  async (request: ReplyRequest): Promise<Replied> => {
    const { messageId } = request
    const { message, personId } = await messageById(db, messageId)
    const wanted = confirms(request) || !canBeSilenced(message) || !(await hasOptedOut(db, message.bot, personId))
    if (wanted) return reply(request)
    const { reason } = silent
    await finishMessage(db, messageId, { outcome: 'refused', reason })
    return { kind: 'withheld', reason, outcome: 'refused' }
  }
