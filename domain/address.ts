/** Where a Slack reply goes. `threadTs` is the root of the thread that the reply belongs to. */
export interface SlackAddress {
  readonly kind: 'slack-thread'
  readonly team: string
  readonly channelId: string
  readonly threadTs: string
}

/** A post of its own in a channel: the answer to a command, which has no thread. */
export interface SlackChannelAddress {
  readonly kind: 'slack-channel'
  readonly team: string
  readonly channelId: string
  /** The command's own address, for a channel that the bot is not in. */
  readonly responseUrl?: string
}

/** Seen by one person only. `responseUrl` (five uses within 30 minutes) works where the bot is not a member. */
export interface SlackEphemeralAddress {
  readonly kind: 'slack-ephemeral'
  readonly team: string
  readonly channelId: string
  readonly userId: string
  readonly threadTs?: string
  readonly responseUrl?: string
}

/** The answer stays in our records, where whoever asked over HTTP reads it. */
export interface HttpAddress {
  readonly kind: 'http'
}

/** A public reply on X, written by `accountId` (the bot) under `postId`. */
export interface XPostAddress {
  readonly kind: 'x-post'
  readonly accountId: string
  readonly postId: string
}

/** A direct message on X from `accountId` (the bot) to `participantId`, answering `messageId`. */
export interface XDirectAddress {
  readonly kind: 'x-direct'
  readonly accountId: string
  readonly participantId: string
  readonly messageId: string
}

/** Where the answer to a message goes. It holds platform ids, so it lives in PostgreSQL and never in a history. */
export type ReplyAddress =
  SlackAddress | SlackChannelAddress | SlackEphemeralAddress | XPostAddress | XDirectAddress | HttpAddress
