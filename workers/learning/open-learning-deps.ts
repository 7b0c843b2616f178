import type { Client } from '@temporalio/client'
import type { LearningDeps } from '../../activities/learning/deps.ts'
import { type Blobs, openBlobs } from '../../adapters/blobs/files.ts'
import { killPoint } from '../../infra/kill-point.ts'
import { openTemporalClient } from '../../infra/temporal-client.ts'
import type { Runtime } from '../../models/runtime/runtime.ts'
import { openChannels } from '../bots/channels.ts'
import { fingerprintOfFolders } from '../built-code.ts'
import { botByName, type OpenBots, openBots } from '../bots/open-bots.ts'
import { loadBots } from '../bots/bots.ts'
import { openVersions } from '../open-models.ts'
import { openDurable } from '../open-durable.ts'
import type { RoleContext } from '../process.ts'
import { blobsUrlOf } from '../settings.ts'
import { learningModels } from './learning-models.ts'
import { nextCheckAt } from '../../infra/temporal/schedules.ts'
import type { Stories } from '../../infra/temporal/stories.ts'

/** What a learning process holds, beside what the activities of learning ask for. */
export interface LearningProcess extends LearningDeps {
  readonly bots: OpenBots
  readonly client: Client
  readonly stories: Stories
  readonly runtime: Runtime
  readonly blobs: Blobs
  readonly channelOf: ReturnType<typeof openChannels>
}

/** Everything that the activities of the queue `learning` stand on. */
export async function openLearningDeps(context: RoleContext): Promise<LearningProcess> {
  const { config, families, networks, onRelease } = context
  const db = await openDurable(context, { poolSize: 6 })
  const temporal = openTemporalClient(config)
  onRelease(temporal.close)
  const bots = await openBots(context, db, await loadBots(families, config.botsFolder))
  const blobs = openBlobs(blobsUrlOf(config))
  // Opened on first use: most of the time nobody learns.
  const runtime = openVersions(context, { families, networks, db, blobs })
  return {
    ...{ db, blobs },
    botOf: botByName(bots),
    models: learningModels(families, { assets: networks.assets, runtime }),
    nextCheckAt: (bot) => nextCheckAt(temporal.client, bot),
    tellCoordinator: temporal.stories.tellCoordinator,
    codeFingerprint: await fingerprintOfFolders(['models', 'domain']),
    at: killPoint(config.killAt),
    clock: () => performance.now(),
    ...{
      bots,
      client: temporal.client,
      stories: temporal.stories,
      runtime,
      channelOf: openChannels(context),
    },
  }
}
