import type { SlackChannelAddress } from '../../domain/address.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { PostDeps } from '../post-once.ts'

/** What talking to people about rollouts stands on. */
export interface PeopleDeps extends PostDeps {
  /** The address of one of our pages, by its path. */
  readonly pageAt: (path: string) => string
  /** A number from 0 up to `below`, for the order in which labels are offered. */
  readonly randomBelow: (below: number) => number
}

/** Where a bot's people are. */
export interface PeoplePlace {
  readonly bot: Bot
  readonly channel: Channel
  readonly address: SlackChannelAddress
}

/** The people's channel of a bot, as its folder says. */
export const peopleChannelOf = ({ channels, peopleChannel }: Bot): string | undefined =>
  channels.includes('slack') ? peopleChannel : undefined

/** `undefined` when the bot has no people's channel. @throws ServiceUnavailable when this process may not post there. */
export function placeOf({ botOf, channelOf }: PeopleDeps, name: string): PeoplePlace | undefined {
  const bot = botOf(name)
  const channelId = peopleChannelOf(bot)
  if (channelId === undefined) return undefined
  // A bot has one workspace, that of its token.
  return { bot, channel: channelOf(name, 'slack'), address: { kind: 'slack-channel', team: '', channelId } }
}
