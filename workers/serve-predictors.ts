import type { Logger } from 'pino'
import type { PredictOne } from '../activities/score-message.ts'
import type { Blobs } from '../adapters/blobs/files.ts'
import { ModelNotReady, UnderstudyError } from '../domain/errors.ts'
import { errorFields } from '../infra/logger.ts'
import { type BatchLimits, createBatcher } from '../models/batcher.ts'
import type { VersionFiles } from '../models/family.ts'
import type { Db } from '../store/db.ts'
import type { RolloutKey } from '../store/rollouts/rollouts.ts'
import { versionsToHold } from '../store/rollouts/warm-versions.ts'
import { type ModelVersion, versionsOf } from '../store/versions.ts'
import type { VersionOpener } from './open-versions.ts'

export interface PredictorDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  readonly versions: Pick<VersionOpener, 'open'>
  readonly limits: BatchLimits
  readonly log: Logger
}

interface Served {
  readonly predict: PredictOne
  readonly close: () => Promise<void>
}

async function registered(deps: PredictorDeps, bot: string, number: number): Promise<ModelVersion> {
  const version = (await versionsOf(deps.db, bot)).find((each) => each.version === number)
  if (version === undefined) throw new ModelNotReady(`${bot} v${number} is not registered`)
  return version
}

/** The files of a version, from their blobs. */
async function filesOf(deps: PredictorDeps, version: ModelVersion): Promise<VersionFiles> {
  const files = Object.entries(version.files).map(async ([name, sha256]) => {
    const bytes = await deps.blobs.get(sha256).catch((error: unknown) => {
      throw new ModelNotReady(`${name} of ${version.bot} v${version.version} cannot be read`, { cause: error })
    })
    return [name, bytes] as const
  })
  return Object.fromEntries(await Promise.all(files))
}

async function serve(deps: PredictorDeps, bot: string, number: number): Promise<Served> {
  const version = await registered(deps, bot, number)
  const predictor = await deps.versions.open(version.family, await filesOf(deps, version))
  await predictor.warmUp()
  deps.log.info({ bot, version: number }, 'a version is loaded and warm')
  const batcher = createBatcher((inputs: readonly Uint8Array[]) => predictor.predict(inputs), deps.limits)
  return {
    predict: (input) => batcher.ask(input),
    close: async () => {
      await batcher.close()
      predictor.dispose()
    },
  }
}

/**
 * Keeps versions loaded and warm. A version is loaded once, on its first use; one that cannot be loaded is tried again on the
 * next.
 */
export function servePredictors(deps: PredictorDeps): {
  /** @throws ModelNotReady with the reason when the version cannot be loaded now. */
  readonly predictorOf: (bot: string, version: number) => Promise<PredictOne>
  /** Loads what serves for these bots or is on its way, so that nobody waits; a failure is logged and tried again later. */
  readonly warmUp: (bots: readonly string[]) => Promise<void>
  /** The versions that are loaded and warm now. */
  readonly warm: () => readonly RolloutKey[]
  readonly close: () => Promise<void>
} {
  const served = new Map<string, Promise<Served>>()
  const warm = new Map<string, RolloutKey>()
  const predictorOf = async (bot: string, number: number): Promise<PredictOne> => {
    const key = `${bot}:${number}`
    const loading = served.get(key) ?? serve(deps, bot, number)
    served.set(key, loading)
    try {
      const { predict } = await loading
      warm.set(key, { bot, version: number })
      return predict
    } catch (error) {
      served.delete(key)
      throw error instanceof UnderstudyError ? error : new ModelNotReady(`${key} cannot be loaded`, { cause: error })
    }
  }
  return {
    predictorOf,
    warmUp: async (bots) => {
      for (const { bot, version } of await versionsToHold(deps.db, bots))
        await predictorOf(bot, version).catch((error: unknown) =>
          deps.log.warn({ bot, version, ...errorFields(error) }, 'a serving version does not load'),
        )
    },
    warm: () => [...warm.values()],
    close: async () => {
      const loaded = await Promise.allSettled(served.values())
      for (const each of loaded) if (each.status === 'fulfilled') await each.value.close()
    },
  }
}
