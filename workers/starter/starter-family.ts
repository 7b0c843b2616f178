import type { Bot, Slot } from '../../domain/bot.ts'
import type { Config } from '../../infra/config.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { Assets } from '../../models/runtime/assets.ts'
import type { HeldInput } from './held-inputs.ts'

/** What a family needs to build starter data. */
export interface StarterContext {
  readonly config: Config
  readonly assets: Pick<Assets, 'open'>
  /** The folder of all bots. */
  readonly botsFolder: string
  readonly tell: (text: string) => void
  readonly signal: AbortSignal
}

/** Starter data of one bot, built once for all its slots. */
export interface Material {
  /** Of the recipe, for training; not 0. */
  readonly seed: number
  /** Of the recipe, for the version's card. */
  readonly notes: string
  /** What its held-out examples look like. */
  readonly held: readonly HeldInput[]
  /** The dataset's files as the versions of this slot learn from them. @throws ModelNotReady when the slot's cuts do not exist. */
  readonly filesFor: (slot: Slot) => VersionFiles
}

/** How the starter versions of one family come about; the training itself is `models/training/train-child.ts`. */
export interface StarterFamily {
  /** Modules whose code, with all that they import, decides what comes out: a change of it trains again. */
  readonly sources: readonly string[]
  /** Reads the bot's `starter-data.yaml` and builds what its slots learn from. */
  readonly collect: (bot: Bot, context: StarterContext) => Promise<Material>
}
