import { randomInt } from 'node:crypto'
import type { ChannelName } from '../domain/label.ts'
import { type ActionDeps, createActionActivities } from '../activities/actions/create.ts'
import { type ConversationDeps, createConversationActivities } from '../activities/answering/create.ts'
import { type CorrectionDeps, createCorrectionActivities } from '../activities/corrections/create.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { createDecoder } from '../adapters/media/decoder.ts'
import { createDownloader, simulatorDialer } from '../adapters/media/download.ts'
import type { Bot } from '../domain/bot.ts'
import type { CorrectionRules } from '../domain/correction.ts'
import { conversationsQueues } from '../domain/keys.ts'
import type { Config } from '../infra/config.ts'
import { killPoint } from '../infra/kill-point.ts'
import { openTemporalClient } from '../infra/temporal-client.ts'
import { loadBots } from './bots/bots.ts'
import { openChannels } from './bots/channels.ts'
import { botByName, openBots } from './bots/open-bots.ts'
import { createWorker } from './create-worker.ts'
import { workerLimits } from './limits.ts'
import { openDurable } from './open-durable.ts'
import type { ProcessContext, Role } from './process.ts'
import { blobsUrlOf, pageAt, simulatorOf } from './settings.ts'
import { workflowBundle } from './workflow-bundle.ts'

function dialerOf(config: Config): ReturnType<typeof simulatorDialer> {
  const slackUrl = simulatorOf(config.slackApiUrl)
  const xUrl = simulatorOf(config.xApiUrl)
  return simulatorDialer({ ...(slackUrl && { slackUrl }), ...(xUrl && { xUrl }) })
}

/** What people say on the real X is learned from only when the operator says so (docs/rules.md, rule 8). */
const learnsFrom =
  ({ xApiUrl, learnFromX }: Config) =>
  (channel: ChannelName): boolean =>
    channel !== 'x' || learnFromX || simulatorOf(xApiUrl) !== undefined

/** How votes are counted. Nobody on a simulated X is a stranger, as everybody there may be learned from. */
const rulesIn =
  ({ xApiUrl }: Config, botOf: (name: string) => Bot) =>
  (name: string): CorrectionRules => {
    const { corrections: rules } = botOf(name)
    return simulatorOf(xApiUrl) === undefined ? rules : { ...rules, knownForMs: { ...rules.knownForMs, x: 0 } }
  }

/** Everything that the activities of conversations, corrections and actions stand on. */
async function openDeps(
  context: ProcessContext,
  bots: readonly Bot[],
): Promise<ConversationDeps & CorrectionDeps & ActionDeps> {
  const { config, log, onRelease } = context
  const db = await openDurable(context)
  const { stories, close } = openTemporalClient(config)
  onRelease(close)
  const botOf = botByName(await openBots(context, db, bots))
  const decoder = createDecoder()
  onRelease(() => decoder.close())
  const downloader = createDownloader({ dialer: dialerOf(config) })
  onRelease(() => downloader.close())
  const at = killPoint(config.killAt)
  return {
    db,
    botOf,
    channelOf: openChannels(context),
    downloader,
    decoder,
    blobs: openBlobs(blobsUrlOf(config)),
    rulesOf: rulesIn(config, botOf),
    learnsFrom: learnsFrom(config),
    pageAt: pageAt(config),
    randomBelow: randomInt,
    castVote: stories.castVote,
    tellCoordinator: stories.tellCoordinator,
    operations: { db, stories: () => Promise.resolve(stories), log, at },
    at,
    clock: () => performance.now(),
  }
}

/** The stories of messages, corrections and matches, and their steps. */
export const startConversations: Role = async (context) => {
  const bots = await loadBots(context.families, context.config.botsFolder)
  const deps = await openDeps(context, bots)
  const activities = {
    ...createConversationActivities(deps),
    ...createCorrectionActivities(deps),
    ...createActionActivities(deps),
  }
  // Every bot can be asked over HTTP, whatever its own channels are.
  const channels: readonly ChannelName[] = [...new Set(['http' as const, ...bots.flatMap((bot) => bot.channels)])]
  for (const taskQueue of channels.flatMap(conversationsQueues))
    await createWorker(context, {
      role: 'conversations',
      failed: 'an activity failed; its retry policy decides',
      taskQueue,
      workflowBundle,
      activities,
      ...workerLimits,
    })
}
