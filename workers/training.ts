import { join } from 'node:path'
import { createTrainingActivities } from '../activities/learning/create.ts'
import { createRebuildActivities } from '../activities/on-request/create.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { trainingQueue } from '../domain/keys.ts'
import { inheritedEnvironment } from '../infra/config.ts'
import { killPoint } from '../infra/kill-point.ts'
import { rebuildVersion } from '../models/rebuild-version.ts'
import { readMetadata } from '../models/version-facts.ts'
import { runningRetrains } from '../store/learning/retrains/retrains.ts'
import { openTrainer, rebuildFolder, removeLeftovers } from './learning/trainer.ts'
import { loadBots } from './bots/bots.ts'
import { botByName, openBots } from './bots/open-bots.ts'
import { createWorker } from './create-worker.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
import { blobsUrlOf } from './settings.ts'

/** A training that is told to stop has this long to lose its process; its checkpoint is on disk already. */
const shutdownGraceTime = '5s'

/** Trains, one model at a time, each in a child process: nothing here waits for TensorFlow. */
export const startTraining: Role = async (context) => {
  const { config, families, networks } = context
  const db = await openDurable(context, { poolSize: 6 })
  const bots = await openBots(context, db, await loadBots(families, config.botsFolder))
  const folder = join(config.home, 'training')
  const environment = inheritedEnvironment()
  const running = async () => (await runningRetrains(db)).map(({ bot, number }) => `${bot}-${number}`)
  const trainer = openTrainer({
    ...{ families, folder },
    tensorflow: async () => (await networks.tensorflow()).backend,
    environment,
    running,
  })
  await removeLeftovers({ folder, running })

  const blobs = openBlobs(blobsUrlOf(config))
  const training = createTrainingActivities({
    ...{ db, blobs, trainer },
    botOf: botByName(bots),
    models: { readMetadata },
    at: killPoint(config.killAt),
    clock: () => performance.now(),
  })
  const rebuilding = createRebuildActivities({
    ...{ db, blobs },
    rebuild: async (files, signal) =>
      rebuildVersion(files, {
        ...{ environment, families, signal, tensorflow: await networks.tensorflow() },
        folder: rebuildFolder(folder),
      }),
  })
  await createWorker(context, {
    role: 'training',
    failed: 'a training failed; its retry policy decides',
    taskQueue: trainingQueue,
    activities: { ...training, ...rebuilding },
    maxConcurrentActivityTaskExecutions: 1,
    maxHeartbeatThrottleInterval: '5s',
    shutdownGraceTime,
  })
}
