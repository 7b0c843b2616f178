/* What a model can say and where people talk to it: the words that everything else is built of. */

export const channelNames = ['slack', 'x', 'http'] as const
/** Where people talk to a bot. Each channel has a task queue of its own, so that each scales alone. */
export type ChannelName = (typeof channelNames)[number]

/** One thing a model can say. The id is kept in histories and records; the words are what people read. */
export interface Label {
  readonly id: string
  readonly words: string
}
