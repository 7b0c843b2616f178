import { ModelNotReady, UnderstudyError } from '../../domain/errors.ts'
import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import { type Families, familyOf } from '../family.ts'
import type { VersionFiles } from '../files.ts'
import type { Classifier, Generator, Model, Prediction } from '../model.ts'
import type { Tensorflow } from '../tensorflow.ts'
import type { Assets } from './assets.ts'
import { type BatchLimits, createBatcher } from './batcher.ts'

/** What a version is opened from. */
export interface StoredVersion {
  readonly family: string
  readonly files: VersionFiles
}

/** What became of the versions that a runtime keeps. */
export interface RuntimeEvents {
  readonly loaded: (key: RolloutKey) => void
  readonly unloaded: (key: RolloutKey) => void
  /** One that is held did not load; the next `hold` tries again. */
  readonly failed: (key: RolloutKey, error: unknown) => void
}

export interface RuntimeDeps {
  readonly families: Families
  readonly tensorflow: () => Promise<Tensorflow>
  readonly assets: Pick<Assets, 'open'>
  /** @throws ModelNotReady when the version is not registered or its files cannot be read. */
  readonly read: (key: RolloutKey) => Promise<StoredVersion>
  readonly limits: BatchLimits
  readonly events: RuntimeEvents
  /** A version that nobody holds is unloaded when nobody has asked it for so long; default 10 minutes. */
  readonly idleMs?: number
}

/** A classifier that many ask: single inputs, which are answered in batches. */
export interface ServedClassifier extends Pick<Classifier, 'kind' | 'labels' | 'signature' | 'explain'> {
  /** @throws TypeError when the input is not what the version reads. */
  readonly predict: (input: Uint8Array) => Promise<Prediction>
}

export type ServedGenerator = Pick<Generator, 'kind' | 'signature' | 'generate'>

/** A version that is loaded and warm. Whoever asks it decides by its kind. */
export type Served = ServedClassifier | ServedGenerator

export interface Runtime {
  /** Opens a version for its caller alone, who disposes of it. @throws ModelNotReady naming what is missing, damaged or does not fit. */
  readonly open: (version: StoredVersion) => Promise<Model>
  /** Loads and warms a version on its first use. @throws ModelNotReady with the reason; the next use tries again. */
  readonly served: (key: RolloutKey) => Promise<Served>
  /** How one classifier is asked. @throws ModelNotReady when it cannot be loaded now, or is none. */
  readonly predictorOf: (bot: string, version: number) => Promise<ServedClassifier['predict']>
  /** Loads and warms these, so that nobody waits. Unloads those of the others that nobody has asked for a while. */
  readonly hold: (keys: readonly RolloutKey[]) => Promise<void>
  /** The versions that are loaded and warm now. */
  readonly warm: () => readonly RolloutKey[]
  /** Lets what runs end, and unloads everything. The assets are their owner's to close. */
  readonly close: () => Promise<void>
}

interface Loaded {
  readonly served: Served
  readonly close: () => Promise<void>
}

/** One version that is loaded, or is being loaded. */
interface Entry {
  readonly key: RolloutKey
  readonly loading: Promise<Loaded>
  isWarm: boolean
  /** When somebody asked it last, in ms since the epoch. */
  askedAt: number
}

/** Longer than anybody who uses a version is silent between two questions. */
const usualIdleMs = 10 * 60_000

const nameOf = ({ bot, version }: RolloutKey): string => `${bot}:${version}`

async function openVersion(deps: RuntimeDeps, { family, files }: StoredVersion): Promise<Model> {
  const found = familyOf(deps.families, family)
  return found.open(files, { tensorflow: await deps.tensorflow(), assets: deps.assets })
}

/** Serves a model to many. `asked` is told of every use, so that nothing is unloaded while it works. */
function serve(model: Model, limits: BatchLimits, asked: () => void): Loaded {
  if (model.kind === 'generator') {
    const generate: Generator['generate'] = async function* (options) {
      for await (const piece of model.generate(options)) {
        asked()
        yield piece
      }
    }
    return {
      served: { kind: model.kind, signature: model.signature, generate },
      close: () => {
        model.dispose()
        return Promise.resolve()
      },
    }
  }
  const { kind, labels, signature } = model
  const batcher = createBatcher((inputs: readonly Uint8Array[]) => model.predict(inputs), limits)
  const predict = (input: Uint8Array) => {
    asked()
    return batcher.ask(input)
  }
  const explain: Classifier['explain'] = (input, count) => {
    asked()
    return model.explain(input, count)
  }
  const close = async () => {
    await batcher.close()
    model.dispose()
  }
  return { served: { kind, labels, signature, predict, explain }, close }
}

/** Opens a version for everybody who asks it, and runs it once. */
async function load(deps: RuntimeDeps, key: RolloutKey, asked: () => void): Promise<Loaded> {
  const model = await openVersion(deps, await deps.read(key))
  try {
    await model.warmUp()
  } catch (error) {
    model.dispose()
    throw error
  }
  deps.events.loaded(key)
  return serve(model, deps.limits, asked)
}

function beginLoading(deps: RuntimeDeps, key: RolloutKey): Entry {
  const asked = () => void (entry.askedAt = Date.now())
  const entry: Entry = { key, loading: load(deps, key, asked), isWarm: false, askedAt: Date.now() }
  return entry
}

/** The versions that are loaded, each once. */
function keepEntries(deps: RuntimeDeps) {
  const entries = new Map<string, Entry>()
  const served = async (key: RolloutKey): Promise<Served> => {
    const name = nameOf(key)
    const entry = entries.get(name) ?? beginLoading(deps, key)
    entries.set(name, entry)
    entry.askedAt = Date.now()
    try {
      const loaded = await entry.loading
      entry.isWarm = true
      return loaded.served
    } catch (error) {
      if (entries.get(name) === entry) entries.delete(name)
      throw error instanceof UnderstudyError ? error : new ModelNotReady(`${name} cannot be loaded`, { cause: error })
    }
  }
  const unloadIdle = async (held: ReadonlySet<string>): Promise<void> => {
    const since = Date.now() - (deps.idleMs ?? usualIdleMs)
    for (const [name, { isWarm, askedAt, key, loading }] of entries) {
      if (held.has(name) || !isWarm || askedAt > since) continue
      entries.delete(name)
      await (await loading).close()
      deps.events.unloaded(key)
    }
  }
  return { served, unloadIdle, all: () => [...entries.values()] }
}

/** Keeps versions loaded and warm, each once, however many ask it. */
export function openRuntime(deps: RuntimeDeps): Runtime {
  const { served, unloadIdle, all } = keepEntries(deps)
  return {
    open: (version) => openVersion(deps, version),
    served,
    predictorOf: async (bot, version) => {
      const model = await served({ bot, version })
      if (model.kind === 'classifier') return model.predict
      throw new ModelNotReady(`${nameOf({ bot, version })} makes texts, and says no label`)
    },
    hold: async (keys) => {
      for (const key of keys) await served(key).catch((error: unknown) => deps.events.failed(key, error))
      await unloadIdle(new Set(keys.map(nameOf)))
    },
    warm: () =>
      all()
        .filter(({ isWarm }) => isWarm)
        .map(({ key }) => key),
    close: async () => {
      const loaded = await Promise.allSettled(all().map(({ loading }) => loading))
      for (const each of loaded) if (each.status === 'fulfilled') await each.value.close()
    },
  }
}
