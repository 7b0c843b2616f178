import { randomUUID } from 'node:crypto'
import { createInferenceActivities } from '../activities/scoring/create.ts'
import { openBlobs } from '../adapters/blobs/files.ts'
import { inferenceQueue } from '../domain/keys.ts'
import { errorFields } from '../infra/logger.ts'
import { workerIdentity } from '../infra/temporal.ts'
import { createModerator } from '../models/moderation/moderator.ts'
import { familyOf } from '../models/family.ts'
import { recordInferenceRuntime } from '../store/versions/inference-runtime.ts'
import { sayWarm, versionsToHold } from '../store/rollouts/warm-versions.ts'
import { loadBots } from './bots/bots.ts'
import { createWorker } from './create-worker.ts'
import { openVersions } from './open-models.ts'
import { openDurable } from './open-durable.ts'
import type { Role } from './process.ts'
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
  const { config, families, networks, log, onRelease } = context
  const db = await openDurable(context, { poolSize: 8 })
  const blobs = openBlobs(blobsUrlOf(config))
  const bots = await loadBots(families, config.botsFolder)
  const runtime = openVersions(context, { families, networks, db, blobs })
  // Whoever runs this process hears at once what is missing, and not with the first question.
  for (const { family } of bots) for (const asset of familyOf(families, family).assets) networks.assets.placeOf(asset)
  const tensorflow = await networks.tensorflow()
  await recordInferenceRuntime(db, tensorflow)
  const moderator = createModerator(tensorflow, config.inference)
  onRelease(() => moderator.close())
  const names = bots.map(({ name }) => name)
  const holdServing = async () => runtime.hold(await versionsToHold(db, names))
  await holdServing()

  // Versions that are made while this runs are warm before somebody asks.
  const look = () =>
    void holdServing().catch((error: unknown) => log.warn(errorFields(error), 'no look at what serves'))
  const warming = setInterval(look, warmEveryMs)
  onRelease(() => clearInterval(warming))

  // A process that starts anew has another name, so that what it does not hold any more is forgotten.
  const name = `${workerIdentity('inference')}:${randomUUID()}`
  const say = () =>
    sayWarm(db, name, runtime.warm()).catch((error: unknown) =>
      log.warn(errorFields(error), 'it could not be said what is warm'),
    )
  await say()
  const saying = setInterval(() => void say(), sayEveryMs)
  onRelease(() => clearInterval(saying))

  await createWorker(context, {
    role: 'inference',
    failed: 'a score failed; it is tried again',
    taskQueue: inferenceQueue,
    activities: createInferenceActivities({ db, blobs, moderator, predictorOf: runtime.predictorOf }),
    maxConcurrentActivityTaskExecutions: maxConcurrentScores,
    shutdownGraceTime,
  })
}
