import type { ReplyAddress } from './address.ts'
import type { Form } from './form.ts'
import type { ChannelName, Label } from './label.ts'
import type { PredictionRef } from './prediction.ts'
import type { DecisionKind } from './rollout/rollout.ts'

/** A picture that came with a message, as far as the event told. The channel's adapter knows how to fetch it. */
export interface PictureRef {
  /** The platform's own id of the file. */
  readonly id: string
  /** Absent when the event left it out; the adapter then asks the platform. */
  readonly url?: string
  readonly mimetype?: string
  readonly bytes?: number
  /** The file's name, as the person sees it. */
  readonly name?: string
}

/** What a person wants: one answer, every live version's answer, or only a score, because a correction follows. */
export type Intent = 'ask' | 'ask-all' | 'score-only'

/** Where to look for the picture when the message has none of its own. */
export type Subject =
  /** A link that a person typed. */
  | { readonly kind: 'link'; readonly url: string }
  /** A message that was linked to. */
  | { readonly kind: 'slack-message'; readonly channelId: string; readonly ts: string }
  /** The thread that the message belongs to. */
  | { readonly kind: 'slack-thread'; readonly channelId: string; readonly threadTs: string }
  /** The asker's latest picture in the channel, within 10 minutes. */
  | { readonly kind: 'latest-picture'; readonly channelId: string; readonly userId: string }
  /** The person's own picture on the platform. */
  | { readonly kind: 'portrait'; readonly userId: string }
  /** The post that was replied to. */
  | { readonly kind: 'x-post'; readonly postId: string }

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
  /** `ask` when it is left out. */
  readonly intent?: Intent
  readonly subject?: Subject
  /** Opens a form within 3 s of the request, once. */
  readonly triggerId?: string
  /** True for messages of a load test. */
  readonly synthetic?: boolean
}

/** Which answer a vote is about, as far as the door could tell. */
export type VoteTarget =
  | ({ readonly kind: 'prediction' } & PredictionRef)
  /** Our visible reply, by the platform's id of it. */
  | { readonly kind: 'reply'; readonly replyId: string; readonly place: string }
  /** The bot's latest answer in a thread. */
  | { readonly kind: 'thread'; readonly place: string; readonly threadTs: string }
  /** The bot's latest answer to this person in this place. */
  | { readonly kind: 'latest'; readonly place: string }
  /** A picture that nobody may have asked about yet. */
  | { readonly kind: 'picture'; readonly subject: Subject }

export const voteWays = ['command', 'button', 'reply', 'shortcut', 'api', 'page'] as const
export type VoteWay = (typeof voteWays)[number]

/** What a person says the answer should have been. */
export interface InboundVote {
  readonly bot: string
  readonly channel: ChannelName
  readonly businessKey: string
  readonly authorId: string
  readonly target: VoteTarget
  /** A label's id; absent: "can't tell". */
  readonly label?: string
  readonly via: VoteWay
  /** Where the person is told what became of it. */
  readonly address: ReplyAddress
  readonly sentAt: string
}

/** A person who wants to be matched with another, or no longer. */
export interface InboundMatch {
  readonly bot: string
  readonly channel: ChannelName
  readonly businessKey: string
  readonly authorId: string
  readonly wish: 'join' | 'leave'
  /** Empty: the profile picture on the platform. */
  readonly pictures: readonly PictureRef[]
  readonly address: ReplyAddress
  readonly sentAt: string
  readonly triggerId?: string
}

/** A message that its author took back: what we keep of it is deleted. */
export interface InboundDeletion {
  readonly bot: string
  readonly channel: ChannelName
  readonly businessKey: string
  /** The business key of the message that is gone. */
  readonly of: string
}

/** Who said something, where they are told what became of it, and when. */
interface Said {
  readonly bot: string
  readonly channel: ChannelName
  readonly businessKey: string
  readonly authorId: string
  readonly address: ReplyAddress
  readonly sentAt: string
}

/** A click on an evidence card. */
export interface InboundDecision extends Said {
  readonly version: number
  readonly evidenceId: string
  readonly decision: DecisionKind
  /** The person's words. */
  readonly reason: string
}

/** An answer to a blind question. */
export interface InboundBlindLabel extends Said {
  readonly questionId: string
  /** A label's id; absent: "can't tell". */
  readonly label?: string
}

/** A command to the bot itself: learn now, show the versions, or bring the version before back. */
export interface InboundOrder extends Said {
  readonly order: 'train' | 'versions' | 'rollback'
  /** The version that a rollback takes back; absent: the one that is on its way, else the newest one. */
  readonly version?: number
  /** What a rollback is told as its reason. */
  readonly reason?: string
}

/** A label that a bot is to have from now on. */
export interface InboundLabelAddition extends Said {
  readonly label: Label
}

/** Something asked of a bot itself: neither a question nor a vote. */
export type InboundAction =
  | { readonly kind: 'decision'; readonly decision: InboundDecision }
  | { readonly kind: 'blind-label'; readonly label: InboundBlindLabel }
  | { readonly kind: 'order'; readonly order: InboundOrder }
  | { readonly kind: 'label-addition'; readonly addition: InboundLabelAddition }

/** What the door stores and the relay hands to a workflow. */
export type InboundRequest =
  | { readonly kind: 'message'; readonly message: InboundMessage }
  | { readonly kind: 'vote'; readonly vote: InboundVote }
  | { readonly kind: 'match'; readonly match: InboundMatch }
  | { readonly kind: 'deletion'; readonly deletion: InboundDeletion }
  | InboundAction

/** The business key of a request. */
export function businessKeyOf(request: InboundRequest): string {
  switch (request.kind) {
    case 'message':
      return request.message.businessKey
    case 'vote':
      return request.vote.businessKey
    case 'match':
      return request.match.businessKey
    case 'deletion':
      return request.deletion.businessKey
    case 'decision':
      return request.decision.businessKey
    case 'blind-label':
      return request.label.businessKey
    case 'order':
      return request.order.businessKey
    case 'label-addition':
      return request.addition.businessKey
  }
}

/** What a signed request at a door turned out to be. */
export type InboundEvent =
  /** Slack's handshake: answer with the challenge, store nothing. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Answered in the acknowledgement itself, to the person alone; nothing is stored. */
  | { readonly kind: 'told'; readonly text: string }
  /** A form is opened while the request waits, because its trigger lives for 3 s; nothing is stored. */
  | { readonly kind: 'form'; readonly triggerId: string; readonly form: Form }
  /** Something that we will do: it takes its business key. */
  | {
      readonly kind: 'request'
      readonly transportKey: string
      readonly eventType: string
      readonly request: InboundRequest
    }
  /** Anything else: remembered by its transport key, without its body. */
  | { readonly kind: 'ignored'; readonly transportKey: string; readonly eventType: string; readonly reason: string }
