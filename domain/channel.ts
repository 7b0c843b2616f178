import type { Form } from './form.ts'
import type { ReplyAddress } from './address.ts'
import type { Label } from './label.ts'
import type { InboundMessage } from './inbound.ts'

/** Something that a person can do right under a post, where the channel has buttons and menus. */
export interface Offer {
  /**
   * `menu`: one of the labels is right ("Wrong team?"). `buttons`: people are asked, "can't tell" included. `blind`: the same,
   * of a blind question.
   */
  readonly kind: 'menu' | 'buttons' | 'blind'
  /** The prediction that it is about; of `blind` the question. */
  readonly prediction: string
  readonly prompt: string
  readonly labels: readonly Label[]
}

/** What a question to people is about, shown under its text where the channel can show it. */
export interface About {
  /** The message that it came from, on the same platform. */
  readonly source?: { readonly channelId: string; readonly messageId: string } | undefined
  /** The platform's own id of a file that may be shown to others. */
  readonly fileId?: string | undefined
}

/** A paragraph of a card, with what can be looked at. */
export interface CardPoint {
  readonly title: string
  readonly text: string
  readonly links?: readonly { readonly words: string; readonly url: string }[]
}

/** An evidence card: what an approver has to know of a version, and what people can do about it. */
export interface Card {
  readonly heading: string
  readonly points: readonly CardPoint[]
  /** Who may decide, until when, and the hash; after a decision what was decided. `personMark` is the person who did. */
  readonly footer: string
  readonly version: number
  /** The evidence that a decision is about; absent when nothing waits for one. */
  readonly ask?:
    | {
        readonly evidenceId: string
        /** Whether promoting is possible on this evidence. */
        readonly promote: boolean
        /** What is asked before a promotion, where it goes past the evidence. */
        readonly caution?: string
      }
    | undefined
  /** Whether the version can be taken back. */
  readonly rollback: boolean
}

/** One post, the same on every attempt. */
export interface OutgoingReply {
  /** The idempotency key: opaque, unique per post. */
  readonly key: string
  readonly address: ReplyAddress
  readonly text: string
  readonly offers?: readonly Offer[]
  readonly about?: About
  readonly card?: Card
  /** The platform's user id of the person who is named where the text has `personMark`. */
  readonly person?: string
}

/** How to fetch one picture: where, and what to present there. `headers` go only to hosts of the platform itself. */
export interface PictureDownload {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The size the platform announced, in bytes, when it did. */
  readonly announcedBytes?: number
  /** True for a link that a person typed: the bot's rule for hosts holds. */
  readonly typed?: boolean
  /** The platform's own id of the file, where the platform can show it to others by that. */
  readonly fileId?: string
}

/** A picture that is a blob of ours already. */
export interface PictureKept {
  readonly sha256: string
}

export type PictureRequest = PictureDownload | PictureKept

/** What a visible post becomes. */
export interface PostUpdate extends Pick<OutgoingReply, 'address' | 'text' | 'card' | 'person'> {
  readonly id: string
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
   * @throws ServiceUnavailable when the platform could not be asked; SendFailed that is permanent when it will never tell.
   */
  find(reply: OutgoingReply, since: Date): Promise<string | undefined>
  /**
   * How to fetch the message's pictures, in its order; those of its subject when it has none of its own.
   * @throws ServiceUnavailable when the platform had to be asked and could not be.
   * @throws InputRefused `gone` when the platform says that the message or its file is no more.
   */
  picturesOf(message: InboundMessage): Promise<readonly PictureRequest[]>
  /**
   * Gives a visible post another text and takes its buttons away, or draws its card anew. Repeating it changes nothing.
   * @throws SendFailed as `send` does. Channels without edits do nothing.
   */
  update(post: PostUpdate): Promise<void>
  /** Opens a form, when the channel has forms and the trigger still lives. @returns whether it is open. */
  openForm(triggerId: string, form: Form): Promise<boolean>
}
