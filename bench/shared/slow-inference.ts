import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from '@temporalio/worker'
import { translateFailures } from '../../activities/failures.ts'
import { createInferenceActivities, type PredictOne } from '../../activities/scoring/create.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { inferenceQueue } from '../../domain/keys.ts'
import { connectWorkers, installRuntime } from '../../infra/temporal.ts'
import { createModerator } from '../../models/moderation/moderator.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { type Db, openDatabase } from '../../store/db.ts'
import { sayWarm } from '../../store/rollouts/warm-versions.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { versionOpener } from '../../workers/versions/open-versions.ts'
import { type ProcessContext, runProcess } from '../../workers/process.ts'
import { servePredictors } from '../../workers/versions/serve-predictors.ts'
import { blobsUrlOf, requireDatabaseUrl } from '../../workers/settings.ts'

const lookEveryMs = 1_000

/** How much longer a version takes than it needs, as its `trainerVersion` says: `slow:700`. Nothing in its files can make it so slow. */
async function extraMsOf(db: Db, bot: string, number: number): Promise<number> {
  const version = (await versionsOf(db, bot)).find((each) => each.version === number)
  return Number(/^slow:(\d+)$/.exec(version?.lineage?.trainerVersion ?? '')?.[1] ?? 0)
}

const slowed =
  (predict: PredictOne, extraMs: number): PredictOne =>
  async (input) => {
    const prediction = await predict(input)
    await sleep(extraMs)
    return { ...prediction, evalMs: prediction.evalMs + extraMs }
  }

async function openPredictors({ config, log, onRelease }: ProcessContext, db: Db) {
  const { backboneWeights: backboneFile, textEncoder: textEncoderFolder, inference: limits } = config
  if (backboneFile === undefined) throw new ModelNotReady('BACKBONE_WEIGHTS is not set')
  const tensorflow = await openTensorflow(config.tensorflow)
  const blobs = openBlobs(blobsUrlOf(config))
  const versions = versionOpener({ tensorflow, backboneFile, textEncoderFolder, limits })
  onRelease(versions.close)
  const predictors = servePredictors({ db, blobs, versions, limits, log })
  onRelease(predictors.close)
  const moderator = createModerator(tensorflow, limits)
  onRelease(() => moderator.close())
  return { predictors, moderator, blobs }
}

/** Tries to load what serves, and says what is warm, sooner than in production: a proof waits for it many times. */
function keepWarm(
  { onRelease }: ProcessContext,
  db: Db,
  {
    keepWarm: keep,
    warm,
    bots,
  }: Pick<ReturnType<typeof servePredictors>, 'keepWarm' | 'warm'> & { readonly bots: readonly string[] },
): void {
  const name = `slow-inference:${randomUUID()}`
  const look = () =>
    keep(bots)
      .then(() => sayWarm(db, name, warm()))
      // The next look tries again.
      .catch(() => undefined)
  const looking = setInterval(() => void look(), lookEveryMs)
  onRelease(() => clearInterval(looking))
}

/** The product's inference worker, in which versions that say so take longer. */
await runProcess('slow inference', async (context) => {
  const { config, log, onRelease, stopping, fail } = context
  installRuntime(log)
  const db = openDatabase(requireDatabaseUrl(config), { poolSize: 8 })
  onRelease(() => db.destroy())
  const { predictors, moderator, blobs } = await openPredictors(context, db)
  const bots = (await loadBots(config.botsFolder)).map(({ name }) => name)
  await predictors.keepWarm(bots)
  keepWarm(context, db, { ...predictors, bots })
  const predictorOf = async (bot: string, version: number) =>
    slowed(await predictors.predictorOf(bot, version), await extraMsOf(db, bot, version))
  const activities = createInferenceActivities({ db, blobs, moderator, predictorOf })
  const connection = await connectWorkers(config, log, { stopping })
  onRelease(() => connection.close())
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: inferenceQueue,
    activities,
    interceptors: { activity: [translateFailures(() => undefined)] },
    maxConcurrentActivityTaskExecutions: 64,
  })
  const running = worker.run().catch(fail)
  onRelease(async () => {
    worker.shutdown()
    await running
  })
  return {}
})
