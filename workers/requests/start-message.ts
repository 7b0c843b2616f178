import {
  type Client,
  type WorkflowHandleWithStartDetails,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client'
import { conversationsQueue } from '../../domain/keys.ts'
import type { StartableMessage } from '../../store/messages/messages.ts'
import type { answerMessage } from '../../workflows/answer-message.ts'
import { botAttribute, channelAttribute } from '../../workflows/messages.ts'

/** A start that takes longer is given up; the event's lease outlives it. */
export const startDeadlineMs = 5_000

/**
 * Makes sure that a message's workflow exists. Safe to call any number of times: one that runs is used, one that has ended
 * is left alone, and both are success.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function startMessage(client: Client, message: StartableMessage): Promise<void> {
  await client.connection.withDeadline(Date.now() + startDeadlineMs, async () => {
    try {
      await start(client, message)
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
  })
}

/** The workflow of each story; both take the same request. */
const stories = { answer: 'answerMessage', match: 'matchPeople' } as const

const where = { slack: 'in Slack', x: 'on X', http: 'over HTTP' } as const

/**
 * Gives a message that ended, or was terminated, its workflow again: one that runs is used, one that has ended runs anew.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function restartMessage(client: Client, message: StartableMessage): Promise<void> {
  await client.connection.withDeadline(Date.now() + startDeadlineMs, () =>
    start(client, message, WorkflowIdReusePolicy.ALLOW_DUPLICATE),
  )
}

const start = (
  client: Client,
  message: StartableMessage,
  workflowIdReusePolicy: WorkflowIdReusePolicy = WorkflowIdReusePolicy.REJECT_DUPLICATE,
): Promise<WorkflowHandleWithStartDetails<typeof answerMessage>> =>
  client.workflow.start<typeof answerMessage>(stories[message.story], {
    workflowId: message.workflowId,
    taskQueue: conversationsQueue(message.channel),
    workflowIdReusePolicy,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [
      {
        messageId: message.id,
        bot: message.bot,
        channel: message.channel,
        receivedAt: message.receivedAt.getTime(),
        ...(message.answerWithinMs !== undefined && { answerWithinMs: message.answerWithinMs }),
      },
    ],
    staticSummary: `${message.bot} ${message.story === 'match' ? 'matches people' : 'answers'} ${where[message.channel]}`,
    typedSearchAttributes: [
      { key: botAttribute, value: message.bot },
      { key: channelAttribute, value: message.channel },
    ],
  })
