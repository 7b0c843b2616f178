import type { Score } from '../domain/rendezvous/score.ts'
import type { ChannelName } from '../domain/label.ts'
import type { Intent } from '../domain/inbound.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { RefusalCode, SilenceReason } from '../domain/refusals.ts'
import type { PlacedChoice, PlacedRefusal, Say } from '../domain/words/reply-text.ts'
import type { Member, SelectionPolicy } from '../domain/serving-set.ts'

/*
 * What workflows may ask of activities. This file imports nothing but domain/, so that workflow code compiles without Node.
 * Everything here enters histories: ids, hashes, label ids and probabilities only (docs/rules.md, rule 4).
 */

export interface MessageRef {
  /** Our own random id of the message. */
  readonly messageId: string
}

/** One picture, or the text, of a message, ready for the models. */
export interface PreparedInput {
  /** Its place in the message. */
  readonly position: number
  /** SHA-256 of the normalised input: all that a model reads. */
  readonly inputSha256: string
}

/** What `prepareMessage` found. */
export type Prepared =
  | {
      readonly kind: 'ready'
      readonly inputs: readonly PreparedInput[]
      /** The pictures that could not be used, beside at least one that can. */
      readonly refused: readonly PlacedRefusal[]
      /** `none`: a person who is to be introduced to another (`/match`). */
      readonly intent: Intent | 'none'
      readonly members: readonly Member[]
      readonly policy: SelectionPolicy
      /** Whether every answering version is calibrated. */
      readonly calibrated: boolean
      /** Where this conversation falls between 0 and 1, by its person. */
      readonly share: number
      /** Where it falls for each canary, drawn anew for every version; without canaries it is left out. */
      readonly canaryShares?: Readonly<Record<number, number>>
      /** Whether other people may come to see its pictures, so that they have to be judged. */
      readonly moderated: boolean
      /** When people are asked about an answer. */
      readonly asking: {
        /** Below this confidence. */
        readonly below: number
        /** This share of the other answers too. */
        readonly share: number
      }
    }
  | { readonly kind: 'refused'; readonly refusal: RefusalCode }
  /** It ends as `refused` without a word: no picture was fetched, nothing is scored. */
  | { readonly kind: 'silent'; readonly reason: SilenceReason }

export interface ScoreRequest extends MessageRef, PreparedInput {
  readonly bot: string
  readonly member: Member
}

/** What is to be said. The words are put together where they are sent. */
export type Answer = Say

export interface ReplyRequest extends MessageRef {
  readonly answer: Answer
}

/**
 * What became of the reply. `undeliverable`: the platform said that it will never take it; `reason` is the platform's code.
 * `withheld`: its person has said meanwhile that they want none.
 */
export type Replied =
  | { readonly kind: 'sent'; readonly replyId: string; readonly outcome: Outcome }
  | { readonly kind: 'withheld'; readonly reason: SilenceReason; readonly outcome: Outcome }
  | { readonly kind: 'undeliverable' | 'unconfirmed'; readonly reason: string; readonly outcome: Outcome }

export interface ConversationActivities {
  /** Fetches, checks and decodes the message's picture once; the original and the normalised input are kept by SHA-256. */
  prepareMessage(message: MessageRef): Promise<Prepared>
  /** Resolves when a version of the message's bot is live. @throws ModelNotReady until then. */
  awaitVersion(message: MessageRef): Promise<void>
  /** The reply protocol: intent row → look for an earlier attempt → post once → record, together with the outcome. */
  replyToMessage(request: ReplyRequest): Promise<Replied>
  /** Keeps the choice of a `score-only` message, hands the vote that it came with to its correction, and ends it without a reply. */
  castVote(request: MessageRef & { readonly choices: readonly PlacedChoice[] }): Promise<void>
  /** Lets a person who was just classed meet another, and tells both. */
  introduce(request: MessageRef & { readonly choices: readonly PlacedChoice[] }): Promise<Replied>
  /** Asks people what the right answer is, when the bot has a channel for that and the day's cap allows it. */
  askPeople(question: MessageRef & { readonly position: number; readonly reason: 'unsure' | 'random' }): Promise<void>
}

/** Pure look-ups and one-row writes, run as local activities. */
export interface LocalActivities {
  /** Why no version has answered yet, in words for the Temporal UI. */
  explainSilence(message: MessageRef): Promise<string>
  /** Records an outcome that has no reply. */
  closeMessage(request: MessageRef & { readonly outcome: Outcome; readonly reason: string }): Promise<void>
}

export interface InferenceActivities {
  /** One version's score of one input, recorded with its request whatever becomes of it. */
  scoreMessage(request: ScoreRequest): Promise<Score>
  /** Judges whether others may see a message's pictures; those that were judged before are left alone. */
  moderatePictures(message: MessageRef): Promise<Moderated>
}

/** How many pictures of a message were judged how. */
export interface Moderated {
  readonly pictures: number
  readonly shown: number
  readonly withheld: number
}

/** Something that a person asked of a bot itself, neither a question nor a vote; what it is stands in the row of the event. */
export interface ActionRef {
  readonly bot: string
  /** The id of its business key: the key under which it is done once. */
  readonly action: string
  /** The row of the inbound event. */
  readonly event: number
}

export interface ActionActivities {
  /** Does what was asked, once. @returns what came of it, in one word of ours. */
  performAction(action: ActionRef): Promise<string>
  /** Tells the person what came of it, once, where they are; and shows it on the cards that it changed. */
  answerAction(action: ActionRef): Promise<void>
}

export interface Activities extends ConversationActivities, LocalActivities, InferenceActivities {}

/** The one argument of `answerMessage`, and of `matchPeople` before it. */
export interface MessageRequest extends MessageRef {
  readonly bot: string
  readonly channel: ChannelName
  /** Milliseconds since the epoch, by the database's clock, when the door committed the event. */
  readonly receivedAt: number
  /** After a pause: older than this, it expires, in milliseconds. */
  readonly answerWithinMs?: number | undefined
}
