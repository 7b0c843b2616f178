import type { Client } from '@temporalio/client'
import type { LearningDeps } from '../../activities/learning/deps.ts'
import { type Blobs, openBlobs } from '../../adapters/blobs/files.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { killPoint } from '../../infra/kill-point.ts'
import { openTemporalClient } from '../../infra/temporal-client.ts'
import { openTensorflow, type Tensorflow } from '../../models/tensorflow.ts'
import { openChannels } from '../bots/channels.ts'
import { fingerprintOfFolders } from '../built-code.ts'
import { botByName, type OpenBots, openBots } from '../bots/open-bots.ts'
import { type VersionOpener, versionOpener } from '../versions/open-versions.ts'
import { openDurable } from '../open-durable.ts'
import type { ProcessContext } from '../process.ts'
import { blobsUrlOf } from '../settings.ts'
import { learningModels } from './learning-models.ts'
import { nextCheckAt } from '../../infra/temporal/schedules.ts'
import type { Stories } from '../../infra/temporal/stories.ts'

/** TensorFlow and the versions that run on it, opened on first use: most of the time nobody learns. */
function openModels({ config, onRelease, log: ownLog }: ProcessContext) {
  let tensorflow: Promise<Tensorflow> | undefined
  let opener: Promise<VersionOpener> | undefined
  const openedTensorflow = () => (tensorflow ??= openTensorflow(config.tensorflow))
  const open = async () => {
    if (config.backboneWeights === undefined)
      throw new ModelNotReady('BACKBONE_WEIGHTS is not set; `npm start` provisions the weights and sets it')
    const { backboneWeights: backboneFile, textEncoder: textEncoderFolder, inference: limits } = config
    const opened = await openedTensorflow()
    ownLog.info({ backend: opened.backend, why: opened.why }, 'TensorFlow is ready')
    return versionOpener({ tensorflow: opened, backboneFile, textEncoderFolder, limits })
  }
  const versionsOpened = () => {
    const opening = (opener ??= open())
    opening.catch(() => (opener = undefined))
    return opening
  }
  onRelease(async () => (await opener?.catch(() => undefined))?.close())
  return { tensorflow: openedTensorflow, versions: versionsOpened }
}

/** What a learning process holds, beside what the activities of learning ask for. */
export interface LearningProcess extends LearningDeps {
  readonly bots: OpenBots
  readonly client: Client
  readonly stories: Stories
  readonly openVersions: () => Promise<VersionOpener>
  readonly blobs: Blobs
  readonly channelOf: ReturnType<typeof openChannels>
}

/** Everything that the activities of the queue `learning` stand on. */
export async function openLearningDeps(context: ProcessContext): Promise<LearningProcess> {
  const { config, onRelease } = context
  const db = await openDurable(context, { poolSize: 6 })
  const temporal = openTemporalClient(config)
  onRelease(temporal.close)
  const bots = await openBots(context, db)
  const shared = openModels(context)
  return {
    db,
    blobs: openBlobs(blobsUrlOf(config)),
    botOf: botByName(bots),
    models: learningModels(config, shared),
    nextCheckAt: (bot) => nextCheckAt(temporal.client, bot),
    tellCoordinator: temporal.stories.tellCoordinator,
    codeFingerprint: await fingerprintOfFolders(['models', 'domain']),
    at: killPoint(config.killAt),
    clock: () => performance.now(),
    ...{
      bots,
      client: temporal.client,
      stories: temporal.stories,
      openVersions: shared.versions,
      channelOf: openChannels(context),
    },
  }
}
