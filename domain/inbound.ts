import type { ChannelName } from './bot.ts'

/** Where a Slack reply goes. `threadTs` is the root of the thread that the reply belongs to. */
export interface SlackAddress {
  readonly kind: 'slack-thread'
  readonly team: string
  readonly channelId: string
  readonly threadTs: string
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
export type ReplyAddress = SlackAddress | XPostAddress | XDirectAddress

/** A picture that came with a message, as far as the event told. The channel's adapter knows how to fetch it. */
export interface PictureRef {
  /** The platform's own id of the file. */
  readonly id: string
  /** Absent when the event left it out; the adapter then asks the platform. */
  readonly url?: string
  readonly mimetype?: string
  readonly bytes?: number
}

/** A message that we will answer, in our words. Stored by the door, read by the relay. */
export interface InboundMessage {
  readonly bot: string
  readonly channel: ChannelName
  readonly businessKey: string
  /** The platform's user id of the author; becomes one of our own random person ids as soon as it is stored. */
  readonly authorId: string
  readonly address: ReplyAddress
  readonly text: string
  readonly pictures: readonly PictureRef[]
  /** ISO 8601; when the person sent it, by the platform's clock. */
  readonly sentAt: string
}

/** What a signed request at a door turned out to be. */
export type InboundEvent =
  /** Slack's handshake: answer with the challenge, store nothing. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** A message that we will answer: it takes its business key. */
  | {
      readonly kind: 'message'
      readonly transportKey: string
      readonly eventType: string
      readonly message: InboundMessage
    }
  /** Anything else: remembered by its transport key, without its body. */
  | { readonly kind: 'ignored'; readonly transportKey: string; readonly eventType: string; readonly reason: string }
