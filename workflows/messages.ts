import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { RetrainRequest } from '../activities/learning-contract.ts'
import type { DecisionRef, RolloutPosition } from '../activities/rollout-contract.ts'
import type { LearningStatus } from '../domain/learning/status.ts'
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

/** A correction was accepted: the coordinator looks whether it is time to learn. */
export interface AcceptedSignal {
  readonly prediction: string
  readonly revision: number
}
export const correctionAcceptedSignal = defineSignal<[AcceptedSignal]>('correctionAccepted')

/** A person or a Schedule wants a retrain. */
export const retrainSignal = defineSignal<[RetrainRequest]>('retrain')

/** What the coordinator of a bot knows. */
export const learningQuery = defineQuery<LearningStatus | undefined>('learning')

/** What became of a decision. */
export interface Decided {
  readonly decisionId: string
  readonly position: RolloutPosition['stage']
}

/**
 * A person's decision on an evidence card. The validator refuses what is not pending, another evidence row and an expired
 * card, before anything is written to the history.
 */
export const decideUpdate = defineUpdate<Decided, [DecisionRef]>('decide')
/** The fallback where an update cannot be sent; it goes through the same checks. */
export const decideSignal = defineSignal<[DecisionRef]>('decideLater')
/** Where is this rollout? */
export const rolloutQuery = defineQuery<RolloutPosition>('rollout')

/** Set when a workflow starts. */
export const botAttribute = defineSearchAttributeKey('Bot', SearchAttributeType.KEYWORD)
export const channelAttribute = defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD)
/** Set in one upsert when it ends. */
export const outcomeAttribute = defineSearchAttributeKey('Outcome', SearchAttributeType.KEYWORD)
/** Where a rollout is; set by rollouts only. */
export const stageAttribute = defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD)
export const modelVersionAttribute = defineSearchAttributeKey('ModelVersion', SearchAttributeType.KEYWORD)
/** Which version answered, or is rolled out. The number is enough: versions are counted per bot, and `Bot` tells which. */
export const modelVersion = (version: number) => ({ key: modelVersionAttribute, value: `v${version}` })
