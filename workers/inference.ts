import { randomUUID } from 'node:crypto'
import { createInferenceActivities } from '../activities/scoring/create.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { ModelNotReady } from '../domain/errors.ts'
import { inferenceQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import { createModerator } from '../models/moderation/moderator.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { recordInferenceRuntime } from '../store/versions/inference-runtime.ts'
import { sayWarm } from '../store/rollouts/warm-versions.ts'
import { loadBots } from './bots/bots.ts'
import { createWorker } from './create-worker.ts'
import { versionOpener } from './versions/open-versions.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
import { servePredictors } from './versions/serve-predictors.ts'
import { blobsUrlOf } from './settings.ts'

/** Scores wait here for their batch; more would only wait longer. */
const maxConcurrentScores = 64
/** How often it looks for versions that serve and are not loaded; a look is one query per bot. */
const warmEveryMs = 5_000
/** How often it says what is warm; who is asked to go live waits for that. */
const sayEveryMs = 3_000
const shutdownGraceTime = '10s'

/** Scores, with the models that serve loaded and warm. */
export const startInference: Role = async (context) => {
  const { config, log, onRelease } = context
  const db = await openDurable(context, { poolSize: 8 })
  if (config.backboneWeights === undefined)
    throw new ModelNotReady('BACKBONE_WEIGHTS is not set; `npm start` provisions the weights and sets it')
  const tensorflow = await openTensorflow(config.tensorflow)
  log.info({ backend: tensorflow.backend, why: tensorflow.why }, 'TensorFlow is ready')
  await recordInferenceRuntime(db, tensorflow)
  const blobs = openBlobs(blobsUrlOf(config))
  const versions = versionOpener({
    tensorflow,
    backboneFile: config.backboneWeights,
    textEncoderFolder: config.textEncoder,
    limits: config.inference,
  })
  onRelease(versions.close)
  const predictors = servePredictors({ db, blobs, versions, limits: config.inference, log })
  onRelease(predictors.close)
  const moderator = createModerator(tensorflow, config.inference)
  onRelease(() => moderator.close())
  const names = (await loadBots(config.botsFolder)).map((bot) => bot.name)
  await predictors.keepWarm(names)

  // Versions that are made while this runs are warm before somebody asks.
  const look = () =>
    void predictors.keepWarm(names).catch((error: unknown) => log.warn(errorFields(error), 'no look at what serves'))
  const warming = setInterval(look, warmEveryMs)
  onRelease(() => clearInterval(warming))

  // A process that starts anew has another name, so that what it does not hold any more is forgotten.
  const name = `${workerIdentity('inference')}:${randomUUID()}`
  const say = () =>
    sayWarm(db, name, predictors.warm()).catch((error: unknown) =>
      log.warn(errorFields(error), 'it could not be said what is warm'),
    )
  await say()
  const saying = setInterval(() => void say(), sayEveryMs)
  onRelease(() => clearInterval(saying))

  await createWorker(context, {
    role: 'inference',
    failed: 'a score failed; it is tried again',
    taskQueue: inferenceQueue,
    activities: createInferenceActivities({ db, blobs, moderator, predictorOf: predictors.predictorOf }),
    maxConcurrentActivityTaskExecutions: maxConcurrentScores,
    shutdownGraceTime,
  })
}
