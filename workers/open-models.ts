import { join } from 'node:path'
import type { Blobs } from '../adapters/blobs/files.ts'
import { ModelNotReady } from '../domain/errors.ts'
import type { RolloutKey } from '../domain/rollout/rollout.ts'
import type { Config } from '../infra/config.ts'
import { errorFields } from '../infra/logger.ts'
import type { Families } from '../models/family.ts'
import { type Assets, openAssets } from '../models/runtime/assets.ts'
import { openRuntime, type Runtime, type RuntimeEvents, type StoredVersion } from '../models/runtime/runtime.ts'
import { openTensorflow, type Tensorflow } from '../models/tensorflow.ts'
import type { Db } from '../store/db.ts'
import { versionsOf } from '../store/versions/versions.ts'
import type { ProcessContext } from './process.ts'

/** Where frozen networks lie: where the configuration says, else where `npm start` provisions them. */
const placesIn = ({ home, assetAt }: Pick<Config, 'home' | 'assetAt'>) => ({
  configured: assetAt,
  cache: join(home, 'cache', 'weights'),
})

/** A registered version with its files from their blobs. */
const readVersion =
  (db: Db, blobs: Pick<Blobs, 'get'>) =>
  async ({ bot, version }: RolloutKey): Promise<StoredVersion> => {
    const found = (await versionsOf(db, bot)).find((each) => each.version === version)
    if (found === undefined) throw new ModelNotReady(`${bot} v${version} is not registered`)
    const files = Object.entries(found.files).map(async ([name, sha256]) => {
      const bytes = await blobs.get(sha256).catch((error: unknown) => {
        throw new ModelNotReady(`${name} of ${bot} v${version} cannot be read`, { cause: error })
      })
      return [name, bytes] as const
    })
    return { family: found.family, files: Object.fromEntries(await Promise.all(files)) }
  }

/** Frozen networks that run on a TensorFlow, each opened on first use. */
export const assetsOf = (
  config: Pick<Config, 'home' | 'assetAt' | 'inference'>,
  tensorflow: () => Promise<Tensorflow>,
): Assets => openAssets({ tensorflow, places: placesIn(config), limits: config.inference })

const loggedBy = (log: ProcessContext['log']): RuntimeEvents => ({
  loaded: (key) => log.info(key, 'a version is loaded and warm'),
  unloaded: (key) => log.info(key, 'a version that serves nobody any more is unloaded'),
  failed: (key, error) => log.warn({ ...key, ...errorFields(error) }, 'a serving version does not load'),
})

/** What a process computes with, however many of its roles do: TensorFlow and the frozen networks, each opened on first use, once. */
export interface Networks {
  readonly tensorflow: () => Promise<Tensorflow>
  readonly assets: Assets
}

export function openNetworks({
  config,
  log,
  onRelease,
}: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>): Networks {
  let opened: Promise<Tensorflow> | undefined
  const open = async () => {
    const tensorflow = await openTensorflow(config.tensorflow)
    log.info({ backend: tensorflow.backend, why: tensorflow.why }, 'TensorFlow is ready')
    return tensorflow
  }
  const tensorflow = () => (opened ??= open())
  const assets = assetsOf(config, tensorflow)
  onRelease(assets.close)
  return { tensorflow, assets }
}

/** The registered versions that a role asks, loaded on first use and unloaded with the process. */
export function openVersions(
  { config, log, onRelease }: Pick<ProcessContext, 'config' | 'log' | 'onRelease'>,
  from: {
    readonly families: Families
    readonly networks: Networks
    readonly db: Db
    readonly blobs: Pick<Blobs, 'get'>
    /** See `RuntimeDeps`. */
    readonly idleMs?: number
  },
): Runtime {
  const { families, networks, db, blobs, idleMs } = from
  const runtime = openRuntime({
    ...{ families, ...networks, limits: config.inference },
    read: readVersion(db, blobs),
    events: loggedBy(log),
    ...(idleMs !== undefined && { idleMs }),
  })
  onRelease(runtime.close)
  return runtime
}
