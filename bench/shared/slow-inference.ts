import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from '@temporalio/worker'
import { translateFailures } from '../../activities/failures.ts'
import { createInferenceActivities, type PredictOne } from '../../activities/scoring/create.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { inferenceQueue } from '../../domain/keys.ts'
import { connectWorkers, installRuntime } from '../../infra/temporal.ts'
import { createModerator } from '../../models/moderation/moderator.ts'
import { families } from '../../models/families/index.ts'
import type { Runtime } from '../../models/runtime/runtime.ts'
import { type Db, openDatabase } from '../../store/db.ts'
import { sayWarm, versionsToHold } from '../../store/rollouts/warm-versions.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { openNetworks, openVersions } from '../../workers/open-models.ts'
import { type ProcessContext, runProcess } from '../../workers/process.ts'
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

async function openRuntime(context: ProcessContext, db: Db) {
  const { config, onRelease } = context
  const blobs = openBlobs(blobsUrlOf(config))
  const networks = openNetworks(context)
  const runtime = openVersions(context, { families, networks, db, blobs })
  const moderator = createModerator(await networks.tensorflow(), config.inference)
  onRelease(() => moderator.close())
  return { runtime, moderator, blobs }
}

/** Tries to load what serves, and says what is warm, sooner than in production: a proof waits for it many times. */
function keepWarm(
  { onRelease }: ProcessContext,
  db: Db,
  { runtime, hold }: { readonly runtime: Pick<Runtime, 'warm'>; readonly hold: () => Promise<void> },
): void {
  const name = `slow-inference:${randomUUID()}`
  const look = () =>
    hold()
      .then(() => sayWarm(db, name, runtime.warm()))
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
  const { runtime, moderator, blobs } = await openRuntime(context, db)
  const bots = (await loadBots(families, config.botsFolder)).map(({ name }) => name)
  const hold = async () => runtime.hold(await versionsToHold(db, bots))
  await hold()
  keepWarm(context, db, { runtime, hold })
  const predictorOf = async (bot: string, version: number) =>
    slowed(await runtime.predictorOf(bot, version), await extraMsOf(db, bot, version))
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
