import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { createConversationActivities, type ConversationDeps } from '../activities/conversations.ts'
import { translateFailures } from '../activities/failures.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { createDecoder } from '../adapters/media/decoder.ts'
import { createDownloader, simulatorDialer } from '../adapters/media/download.ts'
import type { Bot, ChannelName } from '../domain/bot.ts'
import { ServiceUnavailable } from '../domain/errors.ts'
import { conversationsQueue } from '../domain/keys.ts'
import type { Config } from '../infra/config.ts'
import { errorFields } from '../infra/logger.ts'
import { connectWorkers, installRuntime, workerIdentity } from '../infra/temporal.ts'
import * as choices from '../store/choices.ts'
import { assertDurable, openDatabase } from '../store/db.ts'
import * as media from '../store/media.ts'
import * as messages from '../store/messages.ts'
import * as replies from '../store/replies.ts'
import * as scores from '../store/scores.ts'
import * as profiles from '../store/profiles.ts'
import * as servingSets from '../store/serving-sets.ts'
import * as versions from '../store/versions.ts'
import { loadBots } from './bots.ts'
import { openChannels } from './channels.ts'
import { killPoint } from './kill-point.ts'
import { workerLimits } from './limits.ts'
import { type ProcessContext, runProcess } from './process.ts'
import { blobsUrlOf, requireDatabaseUrl, simulatorOf } from './settings.ts'
import { workflowBundle } from './workflow-bundle.ts'

function botByName(bots: readonly Bot[]): (name: string) => Bot {
  const byName = new Map(bots.map((bot) => [bot.name, bot]))
  return (name) => {
    const bot = byName.get(name)
    if (bot === undefined) throw new ServiceUnavailable(`the bot ${name}`, 'its folder is not in bots/')
    return bot
  }
}

function dialerOf(config: Config): ReturnType<typeof simulatorDialer> {
  const slackUrl = simulatorOf(config.slackApiUrl)
  const xUrl = simulatorOf(config.xApiUrl)
  return simulatorDialer({ ...(slackUrl && { slackUrl }), ...(xUrl && { xUrl }) })
}

async function openDeps({ config, onRelease }: ProcessContext, bots: readonly Bot[]): Promise<ConversationDeps> {
  const db = openDatabase(requireDatabaseUrl(config))
  onRelease(() => db.destroy())
  await assertDurable(db)
  const decoder = createDecoder()
  onRelease(() => decoder.close())
  const downloader = createDownloader({ dialer: dialerOf(config) })
  onRelease(() => downloader.close())
  return {
    db,
    messages,
    media,
    servingSets,
    versions,
    profiles,
    choices,
    replies,
    scores,
    channelOf: openChannels(config),
    botOf: botByName(bots),
    downloader,
    decoder,
    blobs: openBlobs(blobsUrlOf(config)),
    castVotesOn: () => Promise.resolve(),
    at: killPoint(config.killAt),
    clock: () => performance.now(),
  }
}

await runProcess('conversations', async (context) => {
  const { config, log, onRelease, stopping, fail } = context
  installRuntime(log)
  const bots = await loadBots()
  const deps = await openDeps(context, bots)
  const codePath = await workflowBundle(join(config.home, 'cache'))
  const connection = await connectWorkers(config, log, { stopping })
  onRelease(() => connection.close())

  const activities = translateFailures(createConversationActivities(deps), (activity, error) =>
    log.warn({ activity, ...errorFields(error) }, 'an activity failed; its retry policy decides'),
  )
  const channels: readonly ChannelName[] = [...new Set(bots.flatMap((bot) => bot.channels))]
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
