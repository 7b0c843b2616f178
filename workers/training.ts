import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { translateFailures } from '../activities/failures.ts'
import { createTrainingActivities } from '../activities/learning/create.ts'
import { createRebuildVersion } from '../activities/on-request/rebuild-version.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { trainingQueue } from '../domain/keys.ts'
import { inheritedEnvironment } from '../infra/config.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import { rebuildVersion } from '../models/rebuild-version.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { readMetadata } from '../models/version-facts.ts'
import * as slots from '../store/learning/retrains/retrain-slots.ts'
import * as retrains from '../store/learning/retrains/retrains.ts'
import * as versions from '../store/versions/versions.ts'
import { killPoint } from './deps/kill-point.ts'
import { openTrainer, rebuildFolder, removeLeftovers } from './learning/trainer.ts'
import { botByName, openBots } from './bots/open-bots.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
import { blobsUrlOf } from './settings.ts'

/** A training that is told to stop has this long to lose its process; its checkpoint is on disk already. */
const shutdownGraceTime = '5s'

/** Trains, one model at a time, each in a child process: nothing here waits for TensorFlow. */
export const startTraining: Role = async (context) => {
  const { config, log, onRelease, fail } = context
  const db = await openDurable(context, { poolSize: 6 })
  const bots = await openBots(context, db)
  const folder = join(config.home, 'training')
  let opened: ReturnType<typeof openTensorflow> | undefined
  const tensorflow = () => (opened ??= openTensorflow(config.tensorflow))
  const environment = inheritedEnvironment()
  const runningRetrains = async () => (await retrains.runningRetrains(db)).map(({ bot, number }) => `${bot}-${number}`)
  const trainer = openTrainer({
    folder,
    tensorflow: async () => (await tensorflow()).backend,
    environment,
    running: runningRetrains,
  })
  await removeLeftovers({ folder, running: runningRetrains })

  const connection = await context.temporal()
  const blobs = openBlobs(blobsUrlOf(config))
  const training = createTrainingActivities({
    ...{ db, retrains, slots, versions, trainer, blobs },
    botOf: botByName(bots),
    models: { readMetadata },
    at: killPoint(config.killAt),
    clock: () => performance.now(),
  })
  const rebuilding = createRebuildVersion({
    ...{ db, blobs, versions },
    rebuild: async (files, signal) =>
      rebuildVersion(files, {
        ...{ environment, signal, tensorflow: await tensorflow() },
        folder: rebuildFolder(folder),
      }),
  })
  const activities = { ...training, ...rebuilding }
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    identity: workerIdentity('training'),
    taskQueue: trainingQueue,
    activities: translateFailures(activities, (activity, error) =>
      log.warn({ activity, ...errorFields(error) }, 'a training failed; its retry policy decides'),
    ),
    maxConcurrentActivityTaskExecutions: 1,
    maxHeartbeatThrottleInterval: '5s',
    shutdownGraceTime,
  })
  const running = worker.run().catch(fail)
  onRelease(async () => {
    worker.shutdown()
    await running
  })
}
