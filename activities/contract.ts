import type { ChannelName } from '../domain/bot.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { RefusalCode } from '../domain/refusals.ts'
import type { Choice, Score, SelectionPolicy } from '../domain/rendezvous.ts'
import type { Member } from '../domain/serving-set.ts'

/*
 * What workflows may ask of activities. This file imports nothing but domain/, so that workflow code compiles without Node.
 * Everything here enters histories: ids, hashes, label ids and probabilities only (DESIGN.md rule 4).
 */

export interface MessageRef {
  /** Our own random id of the message. */
  readonly messageId: string
}

/** What `prepareMessage` found. */
export type Prepared =
  | {
      readonly kind: 'ready'
      /** SHA-256 of the normalised input: all that a model reads. */
      readonly inputSha256: string
      readonly members: readonly Member[]
      readonly policy: SelectionPolicy
    }
  | { readonly kind: 'refused'; readonly refusal: RefusalCode }

export interface ScoreRequest extends MessageRef {
  readonly bot: string
  readonly inputSha256: string
  readonly member: Member
}

/** What is to be said. The words are put together where they are sent. */
export type Answer =
  | { readonly kind: 'choice'; readonly choice: Choice }
  | { readonly kind: 'refusal'; readonly refusal: RefusalCode }
  | { readonly kind: 'apology' }

export interface ReplyRequest extends MessageRef {
  readonly answer: Answer
}

/** What became of the reply. `undeliverable`: the platform said that it will never take it; `reason` is the platform's code. */
export type Replied =
  | { readonly kind: 'sent'; readonly replyId: string; readonly outcome: Outcome }
  | { readonly kind: 'undeliverable'; readonly reason: string; readonly outcome: Outcome }

export interface ConversationActivities {
  /** Fetches, checks and decodes the message's picture once; the original and the normalised input are kept by SHA-256. */
  prepareMessage(message: MessageRef): Promise<Prepared>
  /** The reply protocol: intent row → look for an earlier attempt → post once → record, together with the outcome. */
  replyToMessage(request: ReplyRequest): Promise<Replied>
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
}

export interface Activities extends ConversationActivities, LocalActivities, InferenceActivities {}

/** The one argument of `answerMessage`. */
export interface MessageRequest extends MessageRef {
  readonly bot: string
  readonly channel: ChannelName
  /** Milliseconds since the epoch, by the database's clock, when the door committed the event. */
  readonly receivedAt: number
}
