import type { InboundVote } from '../../domain/inbound.ts'
import { slackBusinessKey } from '../../domain/keys.ts'
import { contradictedLabel } from '../../domain/words/label-words.ts'
import { type SlackBot, timeOf } from './shapes.ts'

interface Reply {
  readonly text: string
  readonly bot: SlackBot
  readonly team: string
  readonly user: string
  readonly channel: string
  readonly ts: string
  readonly thread_ts?: string | null | undefined
}

/** A correction of the bot's latest answer in this thread, or in this direct conversation. */
export function correctionIn(reply: Reply): InboundVote | undefined {
  const { bot, team, channel, ts, thread_ts: threadTs, user } = reply
  const label = contradictedLabel(reply.text, bot.labels)
  if (label === undefined) return undefined
  return {
    bot: bot.name,
    channel: 'slack',
    businessKey: slackBusinessKey(bot.name, team, channel, ts),
    authorId: user,
    target: threadTs ? { kind: 'thread', place: channel, threadTs } : { kind: 'latest', place: channel },
    label,
    via: 'reply',
    address: { kind: 'slack-ephemeral', team, channelId: channel, userId: user, ...(threadTs && { threadTs }) },
    sentAt: timeOf(ts),
  }
}
