import { Worker } from '@temporalio/worker'
import { createActionActivities } from '../activities/actions/actions.ts'
import { createConversationActivities } from '../activities/conversations.ts'
import { createCorrectionActivities } from '../activities/corrections/corrections.ts'
import { translateFailures } from '../activities/failures.ts'
import { tellUnlessOptedOut } from '../activities/answering/tell-unless-opted-out.ts'
import type { ChannelName } from '../domain/bot.ts'
import { conversationsQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import { loadBots } from './bots/bots.ts'
import { openConversationDeps } from './deps/conversation-deps.ts'
import { workerLimits } from './limits.ts'
import type { Role } from './process.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** The stories of messages, corrections and matches, and their steps. */
export const startConversations: Role = async (context) => {
  const { config, log, onRelease, fail } = context
  const bots = await loadBots(config.botsFolder)
  const deps = await openConversationDeps(context, bots)
  const connection = await context.temporal()

  const corrections = createCorrectionActivities(deps)
  const all = {
    ...createConversationActivities(deps),
    ...corrections,
    ...tellUnlessOptedOut(deps, corrections),
    ...createActionActivities(deps),
  }
  const activities = translateFailures(all, (activity, error) =>
    log.warn({ activity, ...errorFields(error) }, 'an activity failed; its retry policy decides'),
  )
  // Every bot can be asked over HTTP, whatever its own channels are.
  const channels: readonly ChannelName[] = [...new Set(['http' as const, ...bots.flatMap((bot) => bot.channels)])]
  for (const channel of channels) {
    const worker = await Worker.create({
      connection,
      namespace: config.temporal.namespace,
      identity: workerIdentity('conversations'),
      taskQueue: conversationsQueue(channel),
      workflowBundle,
      activities,
      ...workerLimits,
    })
    const running = worker.run().catch(fail)
    onRelease(async () => {
      worker.shutdown()
      await running
    })
  }
}
