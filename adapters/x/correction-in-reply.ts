import type { Bot } from '../../domain/bot.ts'
import type { InboundMessage, InboundRequest, VoteTarget } from '../../domain/inbound.ts'
import { contradictedLabel } from '../../domain/words/label-words.ts'

/** What reading a request needs to know of the bot that it is for. */
export type XBot = Pick<Bot, 'name' | 'labels'>

/** Which answer a contradiction is about: the post that it replies to, or the latest answer in a direct conversation. */
function targetOf({ address, subject }: InboundMessage): VoteTarget | undefined {
  if (address.kind === 'x-direct') return { kind: 'latest', place: address.participantId }
  return subject?.kind === 'x-post' ? { kind: 'reply', replyId: subject.postId, place: '' } : undefined
}

/** "no, it's …" under an answer is a correction; everything else is a message. */
export function asCorrection(message: InboundMessage, bot: XBot): InboundRequest {
  const label = message.pictures.length > 0 ? undefined : contradictedLabel(message.text, bot.labels)
  const target = label === undefined ? undefined : targetOf(message)
  if (label === undefined || target === undefined) return { kind: 'message', message }
  const { channel, businessKey, authorId, address, sentAt } = message
  return {
    kind: 'vote',
    vote: { bot: bot.name, channel, businessKey, authorId, target, label, via: 'reply', address, sentAt },
  }
}
