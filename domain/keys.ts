import type { ReplyAddress } from './address.ts'
import type { ChannelName } from './label.ts'

/*
 * An event has a transport key (which delivery is this?) and a business key (which message of which person to which bot is
 * this?). A message may come in several deliveries with different transport keys; only the business key tells that it is one.
 */

/** Slack: one message is one team, channel and timestamp, whatever event carried it. */
export const slackBusinessKey = (bot: string, team: string, channelId: string, ts: string): string =>
  [bot, team, channelId, ts].join('.')

/** X: a post or a direct message has an id of its own; a mention and a reply event of one post share it. */
export const xBusinessKey = (bot: string, postOrMessageId: string): string => [bot, postOrMessageId].join('.')

export const slackTransportKey = (bot: string, eventId: string): string => ['slack', bot, eventId].join(':')

/** X repeats one `event_uuid` for the mention and the reply event of one post, so the type is part of the key. */
export const xTransportKey = (bot: string, eventType: string, accountId: string, eventUuid: string): string =>
  ['x', bot, eventType, accountId, eventUuid].join(':')

/** `answer:<bot>:<channel>:<key>`, the key being the business key without the bot, which the id already names. */
export const answerWorkflowId = (bot: string, channel: ChannelName, businessKey: string): string =>
  `answer:${bot}:${channel}:${businessKey.slice(bot.length + 1)}`

/** The idempotency key of the one reply of a message. */
export const replyKey = (workflowId: string): string => `${workflowId}:reply`

/** Where a channel's conversations run. Direct messages on X have a queue of their own, so that a flood of mentions does not hold them up. */
export const conversationsQueue = (channel: ChannelName, kind?: ReplyAddress['kind']) =>
  kind === 'x-direct' ? 'conversations-x-direct' : (`conversations-${channel}` as const)
/** All queues of a channel's conversations. */
export const conversationsQueues = (channel: ChannelName) =>
  channel === 'x' ? [conversationsQueue('x'), conversationsQueue('x', 'x-direct')] : [conversationsQueue(channel)]
export const inferenceQueue = 'inference'
export const learningQueue = 'learning'
export const trainingQueue = 'training'

/** `act:<bot>:<action>`; the action is the id of its business key, which may name a person. */
export const actionWorkflowId = (bot: string, action: string): string => `act:${bot}:${action}`

/** `correct:<bot>:<prediction>`. */
export const correctionWorkflowId = (bot: string, prediction: string): string => `correct:${bot}:${prediction}`

/** `learn:<bot>`: one coordinator per bot. */
export const learnWorkflowId = (bot: string): string => `learn:${bot}`
export const retrainWorkflowId = (bot: string, number: number): string => `retrain:${bot}:${number}`
export const rolloutWorkflowId = (bot: string, version: number): string => `rollout:${bot}:${version}`

/** With the number of its row in the audit: the key of the post that tells of a version that a person took back. */
export const rollbackPostPrefix = 'taken-back:'

/** With bot and number: the key of the post that tells of a retrain that made no version. */
export const failedRetrainPostPrefix = 'did-not-learn:'

/** With the prediction: the key of the post that asks people about it. */
export const questionPostPrefix = 'question:'

/** With the prediction and the correction's revision: the key of the post that asks a reviewer to decide. */
export const reviewPostPrefix = 'review:'
