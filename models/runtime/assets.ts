import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ModelNotReady } from '../../domain/errors.ts'
import type { Tensorflow } from '../tensorflow.ts'
import type { BatchLimits } from './batcher.ts'

/** What an asset is opened from. */
export interface AssetSource {
  readonly tensorflow: Tensorflow
  /** The path of its file or folder. */
  readonly place: string
  readonly assets: Pick<Assets, 'open'>
  readonly limits: BatchLimits
}

/** Files that no version carries and that many stand on: the weights of a frozen network. Each is one constant, told by identity. */
export interface Asset<Opened> {
  /** For people: `the weights of the picture backbone`. */
  readonly name: string
  /** The environment variable that says where it lies. */
  readonly variable: string
  /** Where it lies in the cache folder when that variable is not set. */
  readonly cached: string
  /** @throws ModelNotReady when it is not what it should be. */
  open(source: AssetSource): Promise<Opened>
  close?(opened: Opened): Promise<void>
}

/** Where assets lie on this machine. */
export interface AssetPlaces {
  /** What an environment variable says; `undefined` when it is not set. */
  readonly configured: (variable: string) => string | undefined
  /** The folder that `npm start` provisions them in. */
  readonly cache: string
}

export interface Assets {
  /** Opens it on first use, once. @throws ModelNotReady when it cannot be opened; the next call tries again. */
  readonly open: <Opened>(asset: Asset<Opened>) => Promise<Opened>
  /** @throws ModelNotReady naming the variable and the download that are missing. */
  readonly placeOf: (asset: Asset<unknown>) => string
  /** Lets what runs on them end. */
  readonly close: () => Promise<void>
}

function placeOf({ configured, cache }: AssetPlaces, { name, variable, cached }: Asset<unknown>): string {
  const place = configured(variable)
  if (place !== undefined) {
    if (existsSync(place)) return place
    throw new ModelNotReady(`${name}: nothing is where ${variable} says`)
  }
  if (existsSync(join(cache, cached))) return join(cache, cached)
  throw new ModelNotReady(
    `${name}: ${variable} is not set, and ${cached} is not in the cache; \`npm start\` provisions it`,
  )
}

/** The one place that knows where the weights of frozen networks lie; whoever needs one gets the same copy. */
export function openAssets(options: {
  readonly tensorflow: () => Promise<Tensorflow>
  readonly places: AssetPlaces
  readonly limits: BatchLimits
}): Assets {
  const opened = new Map<Asset<unknown>, Promise<unknown>>()
  const begin = async (asset: Asset<unknown>): Promise<unknown> => {
    const place = placeOf(options.places, asset)
    return asset.open({ tensorflow: await options.tensorflow(), place, assets, limits: options.limits })
  }
  const assets: Assets = {
    open: <Opened>(asset: Asset<Opened>) => {
      const opening = opened.get(asset) ?? begin(asset)
      opened.set(asset, opening)
      opening.catch(() => opened.delete(asset))
      return opening as Promise<Opened>
    },
    placeOf: (asset) => placeOf(options.places, asset),
    close: async () => {
      for (const [asset, opening] of opened) {
        const value = await opening.catch(() => undefined)
        if (value !== undefined) await asset.close?.(value)
      }
    },
  }
  return assets
}
