import { Worker } from '@temporalio/worker'
import { createConversationActivities } from '../activities/conversations.ts'
import { createCorrectionActivities } from '../activities/corrections/corrections.ts'
import { translateFailures } from '../activities/failures.ts'
import { tellUnlessOptedOut } from '../activities/answering/tell-unless-opted-out.ts'
import type { ChannelName } from '../domain/bot.ts'
import { conversationsQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { connectWorkers, installRuntime, workerIdentity } from '../infra/temporal.ts'
import { join } from 'node:path'
import { loadBots } from './bots/bots.ts'
import { openConversationDeps } from './deps/conversation-deps.ts'
import { workerLimits } from './limits.ts'
import { runProcess } from './process.ts'
import { workflowBundle } from './workflow-bundle.ts'

await runProcess('conversations', async (context) => {
  const { config, log, onRelease, stopping, fail } = context
  installRuntime(log)
  const bots = await loadBots(config.botsFolder)
  const deps = await openConversationDeps(context, bots)
  const codePath = await workflowBundle(join(config.home, 'cache'))
  const connection = await connectWorkers(config, log, { stopping })
  onRelease(() => connection.close())

  const corrections = createCorrectionActivities(deps)
  const all = { ...createConversationActivities(deps), ...corrections, ...tellUnlessOptedOut(deps, corrections) }
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
      workflowBundle: { codePath },
      activities,
      ...workerLimits,
    })
    const running = worker.run().catch(fail)
    onRelease(async () => {
      worker.shutdown()
      await running
    })
  }
  return {}
})
