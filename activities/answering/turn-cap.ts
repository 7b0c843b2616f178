import type { InboundMessage } from '../../domain/inbound.ts'
import { type ConversationPlace, turnsIn } from '../../store/messages/replies.ts'
import type { Prepared } from '../contract.ts'
import type { PostDeps } from '../post-once.ts'

/** Where a message's turns are counted: its thread in Slack; direct messages are one conversation. */
interface Place {
  readonly place: ConversationPlace
  readonly noticePrefix: string
}

function placeOf({ bot, address, intent, synthetic }: InboundMessage): Place | undefined {
  if (address.kind !== 'slack-thread' || intent === 'score-only' || synthetic === true) return undefined
  const { team, channelId, threadTs } = address
  const thread = channelId.startsWith('D') ? {} : { threadTs }
  return {
    place: { bot, channelId, ...thread },
    noticePrefix: `enough:${[bot, team, channelId, ...Object.values(thread)].join('.')}:`,
  }
}

/**
 * A refusal when the bot has answered `turnsPerThread` times within an hour where this message was written, and silence when it
 * said so already: there it is silent for an hour. The adapters' self-filters cut loops first; this is the second fence.
 */
export async function heedTurnCap(
  { db, botOf }: Pick<PostDeps, 'db' | 'botOf'>,
  message: InboundMessage,
): Promise<Prepared | undefined> {
  const found = placeOf(message)
  if (found === undefined) return undefined
  const { said, noticeKey } = await turnsIn(db, found.place, found.noticePrefix)
  if (noticeKey !== undefined) return { kind: 'silent', reason: 'enough-said' }
  return said < botOf(message.bot).turnsPerThread ? undefined : { kind: 'refused', refusal: 'enough-said' }
}

const hourMs = 60 * 60 * 1000

/** The key of the one post that says so to all who write there at once. `now`: milliseconds since the epoch. */
export function noticeKey(message: InboundMessage, now: number): string | undefined {
  const found = placeOf(message)
  return found && `${found.noticePrefix}${Math.floor(now / hourMs)}`
}
