import type { InboundMessage, ReplyAddress } from './inbound.ts'

/** One reply, the same on every attempt. */
export interface OutgoingReply {
  /** The idempotency key: opaque, unique per message. */
  readonly key: string
  readonly address: ReplyAddress
  readonly text: string
}

/** How to fetch one picture: where, and what to present there. `headers` go only to hosts of the platform itself. */
export interface PictureRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The size the platform announced, in bytes, when it did. */
  readonly announcedBytes?: number
}

/** What a platform's adapter does for one bot. */
export interface Channel {
  /**
   * Posts the reply, once, without any retry of its own, within 5 s.
   * @returns the platform's id of the visible reply.
   * @throws SendFailed whose `delivery` says what is known.
   */
  send(reply: OutgoingReply): Promise<string>
  /**
   * Looks for an earlier attempt of the same reply, made at or after `since`.
   * @returns the platform's id of it, or `undefined` when it is certainly not there.
   * @throws ServiceUnavailable when the platform could not be asked.
   */
  find(reply: OutgoingReply, since: Date): Promise<string | undefined>
  /**
   * How to fetch the message's pictures, in its order.
   * @throws ServiceUnavailable when the platform had to be asked and could not be.
   * @throws InputRefused `gone` when the platform says that the message or its file is no more.
   */
  picturesOf(message: InboundMessage): Promise<readonly PictureRequest[]>
}
