import type { Logger } from 'pino'
import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import type { PredictOne } from '../../activities/scoring/create.ts'
import type { Blobs } from '../../adapters/blobs/files.ts'
import { ModelNotReady, UnderstudyError } from '../../domain/errors.ts'
import { errorFields } from '../../infra/logger.ts'
import { type BatchLimits, createBatcher } from '../../models/batcher.ts'
import type { VersionFiles } from '../../models/family.ts'
import type { Db } from '../../store/db.ts'
import { versionsToHold } from '../../store/rollouts/warm-versions.ts'
import { type ModelVersion, versionsOf } from '../../store/versions/versions.ts'
import type { VersionOpener } from './open-versions.ts'

export interface PredictorDeps {
  readonly db: Db
  readonly blobs: Pick<Blobs, 'get'>
  readonly versions: Pick<VersionOpener, 'open'>
  readonly limits: BatchLimits
  readonly log: Logger
  /** A version that nothing holds is let go when nobody has asked it for so long; default 10 minutes. */
  readonly idleMs?: number
}

interface Served {
  readonly ask: PredictOne
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

async function load(deps: PredictorDeps, bot: string, number: number): Promise<Served> {
  const version = await registered(deps, bot, number)
  const predictor = await deps.versions.open(version.family, await filesOf(deps, version))
  await predictor.warmUp()
  deps.log.info({ bot, version: number }, 'a version is loaded and warm')
  const batcher = createBatcher((inputs: readonly Uint8Array[]) => predictor.predict(inputs), deps.limits)
  return {
    ask: (input) => batcher.ask(input),
    close: async () => {
      await batcher.close()
      predictor.dispose()
    },
  }
}

/** One version that is loaded, or is being loaded. */
interface Entry {
  readonly key: RolloutKey
  readonly loading: Promise<Served>
  isWarm: boolean
  /** When somebody asked it last, in ms since the epoch. */
  askedAt: number
}

/** Longer than anybody who holds a version is silent between two questions. */
const usualIdleMs = 10 * 60_000

const nameOf = ({ bot, version }: RolloutKey): string => `${bot}:${version}`

export interface ServedPredictors {
  /** @throws ModelNotReady with the reason when the version cannot be loaded now. */
  readonly predictorOf: (bot: string, version: number) => Promise<PredictOne>
  /**
   * Loads what serves for these bots or is on its way, so that nobody waits; a failure is logged and tried again later. Of the
   * others, lets go what nobody has asked for a while.
   */
  readonly keepWarm: (bots: readonly string[]) => Promise<void>
  /** The versions that are loaded and warm now. */
  readonly warm: () => readonly RolloutKey[]
  readonly close: () => Promise<void>
}

/**
 * Keeps versions loaded and warm. A version is loaded once, on its first use; one that cannot be loaded is tried again on the
 * next.
 */
export function servePredictors(deps: PredictorDeps): ServedPredictors {
  const entries = new Map<string, Entry>()
  const entryOf = (key: RolloutKey): Entry => {
    const known = entries.get(nameOf(key))
    if (known !== undefined) return known
    const entry = { key, loading: load(deps, key.bot, key.version), isWarm: false, askedAt: Date.now() }
    entries.set(nameOf(key), entry)
    return entry
  }
  const predictorOf = async (bot: string, version: number): Promise<PredictOne> => {
    const key = { bot, version }
    const entry = entryOf(key)
    entry.askedAt = Date.now()
    try {
      const { ask } = await entry.loading
      entry.isWarm = true
      return (input) => {
        entry.askedAt = Date.now()
        return ask(input)
      }
    } catch (error) {
      if (entries.get(nameOf(key)) === entry) entries.delete(nameOf(key))
      throw error instanceof UnderstudyError
        ? error
        : new ModelNotReady(`${nameOf(key)} cannot be loaded`, { cause: error })
    }
  }
  const letGoIdle = async (held: ReadonlySet<string>): Promise<void> => {
    const since = Date.now() - (deps.idleMs ?? usualIdleMs)
    for (const [name, { isWarm, askedAt, key, loading }] of entries) {
      if (held.has(name) || !isWarm || askedAt > since) continue
      entries.delete(name)
      await (await loading).close()
      deps.log.info(key, 'a version that serves nobody any more is let go')
    }
  }
  return {
    predictorOf,
    keepWarm: async (bots) => {
      const hold = await versionsToHold(deps.db, bots)
      for (const { bot, version } of hold)
        await predictorOf(bot, version).catch((error: unknown) =>
          deps.log.warn({ bot, version, ...errorFields(error) }, 'a serving version does not load'),
        )
      await letGoIdle(new Set(hold.map(nameOf)))
    },
    warm: () => [...entries.values()].filter(({ isWarm }) => isWarm).map(({ key }) => key),
    close: async () => {
      const loaded = await Promise.allSettled([...entries.values()].map(({ loading }) => loading))
      for (const each of loaded) if (each.status === 'fulfilled') await each.value.close()
    },
  }
}
