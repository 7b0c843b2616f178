import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { defineQuery, defineSignal } from '@temporalio/workflow'
import type { Outcome } from '../domain/outcome.ts'

/*
 * What the outside may send to workflows, and how workflows can be found. Imported by workflows and by those who talk to
 * them. Names are persisted in histories: they are never renamed.
 */

/** What `answerMessage` ends with. `replyId` is the platform's id of the visible reply. */
export interface MessageEnd {
  readonly outcome: Outcome
  readonly replyId?: string
}

/** Where a conversation stands. */
export type MessageStatus = 'preparing' | 'scoring' | 'replying' | 'awaiting late scores' | Outcome

/** Where is this message's answer? Served by a worker from the running or closed workflow. */
export const statusQuery = defineQuery<MessageStatus>('status')

/** Another vote on a prediction: our own id of it, which is its idempotency key too. */
export interface VoteSignal {
  readonly voteId: string
}

/** Sent to `applyCorrection` by every vote; the first one starts it. */
export const voteSignal = defineSignal<[VoteSignal]>('vote')

/** Set when a workflow starts. */
export const botAttribute = defineSearchAttributeKey('Bot', SearchAttributeType.KEYWORD)
export const channelAttribute = defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD)
/** Set in one upsert when it ends. */
export const outcomeAttribute = defineSearchAttributeKey('Outcome', SearchAttributeType.KEYWORD)
export const modelVersionAttribute = defineSearchAttributeKey('ModelVersion', SearchAttributeType.KEYWORD)
