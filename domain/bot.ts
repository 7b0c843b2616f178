import type { RefusalCode } from './refusals.ts'
import type { SelectionPolicy } from './rendezvous.ts'

export const channelNames = ['slack', 'x', 'http'] as const
/** Where people talk to a bot. Each channel has a task queue of its own, so that each scales alone. */
export type ChannelName = (typeof channelNames)[number]

export const modelFamilies = ['picture-classifier'] as const
export type ModelFamily = (typeof modelFamilies)[number]

/** One thing a model can say. The id is kept in histories and records; the words are what people read. */
export interface Label {
  readonly id: string
  readonly words: string
}

/** What a bot says. `{label}`, `{percent}`, `{labels}` and `{bot}` are filled in; nothing of a person's text ever is. */
export interface BotWords {
  readonly answer: string
  readonly notKnown: string
  readonly apology: string
  readonly refusals: Readonly<Record<RefusalCode, string>>
}

/** A bot as its folder in `bots/` describes it, checked and frozen. */
export interface Bot {
  readonly name: string
  readonly channels: readonly ChannelName[]
  readonly family: ModelFamily
  readonly labels: readonly Label[]
  readonly policy: SelectionPolicy
  readonly words: BotWords
}
