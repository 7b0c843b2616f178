import type { Client } from '@temporalio/client'
import type { CoordinatorMessage, RetrainRequest } from '../../activities/learning-contract.ts'
import { learningQueue, learnWorkflowId } from '../../domain/keys.ts'
import type { coordinateLearning } from '../../workflows/coordinate-learning.ts'
import { type AcceptedSignal, botAttribute, correctionAcceptedSignal, retrainSignal } from '../../workflows/messages.ts'

/** A call that takes longer is given up and tried again by whoever made it. */
const deadlineMs = 5_000

const optionsFor = (bot: string) => ({
  workflowId: learnWorkflowId(bot),
  taskQueue: learningQueue,
  args: [{ bot }] as [{ bot: string }],
  staticSummary: `When ${bot} learns`,
  typedSearchAttributes: [{ key: botAttribute, value: bot }],
})

/**
 * Hands a message to the bot's coordinator, which starts with its first one.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function tellCoordinator(client: Client, message: CoordinatorMessage): Promise<void> {
  const options = optionsFor(message.bot)
  await client.connection.withDeadline(Date.now() + deadlineMs, async () => {
    if (message.kind === 'request')
      await client.workflow.signalWithStart<typeof coordinateLearning, [RetrainRequest]>('coordinateLearning', {
        ...options,
        signal: retrainSignal,
        signalArgs: [message.request],
      })
    else
      await client.workflow.signalWithStart<typeof coordinateLearning, [AcceptedSignal]>('coordinateLearning', {
        ...options,
        signal: correctionAcceptedSignal,
        signalArgs: [{ prediction: message.prediction, revision: message.revision }],
      })
  })
}

/**
 * Asks for a retrain: `/train`, the API, "Teach it now". A repeat with the same key is the same wish.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export const askForRetrain = (client: Client, bot: string, request: RetrainRequest): Promise<void> =>
  tellCoordinator(client, { bot, kind: 'request', request })

/** Starts the bot's coordinator when Temporal does not know it (any more); it looks at the records by itself. */
export async function ensureCoordinator(client: Client, bot: string): Promise<void> {
  await client.connection.withDeadline(Date.now() + deadlineMs, () =>
    client.workflow.start<typeof coordinateLearning>('coordinateLearning', {
      ...optionsFor(bot),
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  )
}
