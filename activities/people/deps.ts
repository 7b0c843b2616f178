import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SlackChannelAddress } from '../../domain/inbound.ts'
import type * as cards from '../../store/approvals/cards.ts'
import type * as decisions from '../../store/approvals/decisions.ts'
import type * as recording from '../../store/approvals/record-decision.ts'
import type * as refusals from '../../store/approvals/refusals.ts'
import type * as candidates from '../../store/blind/candidates.ts'
import type * as blind from '../../store/blind/questions.ts'
import type * as untoldRetrains from '../../store/learning/retrains/untold-retrains.ts'
import type * as notices from '../../store/corrections/live-notices.ts'
import type * as messages from '../../store/messages/messages.ts'
import type * as questions from '../../store/corrections/questions.ts'
import type * as rollouts from '../../store/rollouts/rollouts.ts'
import type * as untoldRollbacks from '../../store/rollouts/rollbacks/untold-rollbacks.ts'
import type { PostDeps } from '../post-once.ts'

/** What the activities that talk to people ask of the store. */
export type PeopleStore = Pick<typeof cards, 'cardFacts' | 'madeDecision' | 'recordCard'> &
  Pick<typeof decisions, 'refusedLately'> &
  Pick<typeof recording, 'recordHoldOrReject'> &
  Pick<typeof refusals, 'refusalText'> &
  typeof candidates &
  Omit<typeof blind, 'blindProgress' | 'questionsFor' | 'blindQuestionById'> &
  Pick<typeof notices, 'recordLive' | 'fixersOf'> &
  Pick<typeof messages, 'messageById'> &
  Pick<typeof questions, 'fileToShow' | 'questionPosts' | 'questionsQuotingDeleted' | 'recordQuotesGone'> &
  Pick<typeof rollouts, 'rolloutOf'> &
  Pick<typeof untoldRetrains, 'untoldRetrains'> &
  Pick<typeof untoldRollbacks, 'untoldRollbacks'>

export interface PeopleDeps extends PostDeps {
  readonly people: PeopleStore
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
