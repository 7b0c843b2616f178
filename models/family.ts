import { ModelNotReady } from '../domain/errors.ts'
import type { Slot } from '../domain/bot.ts'
import type { ModelInput } from '../domain/model/preprocessing.ts'
import type { GateId } from '../domain/rollout/verdict.ts'
import type { Example, RawExample } from './datasets/examples.ts'
import type { Extended, ExtendTask } from './datasets/extended.ts'
import type { Judge } from './evaluation/judge-version.ts'
import type { VersionFiles } from './files.ts'
import type { Classifier, Generator } from './model.ts'
import type { Asset, Assets } from './runtime/assets.ts'
import type { Tensorflow } from './tensorflow.ts'
import type { FamilyTask, VersionTask } from './training/task.ts'

/** How a family trains, in a child process. */
export interface FamilyTrainer {
  /** A change of it gives other weights of the same dataset. */
  readonly version: string
  /** A training that takes longer than this is given up. */
  readonly budgetMs: number
  /** @throws DatasetInvalid, NotANumber, the signal's reason, or ModelNotReady when the files are damaged. */
  readonly train: (tensorflow: Tensorflow, dataset: VersionFiles, task: VersionTask) => Promise<VersionFiles>
}

/** What a version is opened with. */
export interface OpenContext {
  readonly tensorflow: Tensorflow
  readonly assets: Pick<Assets, 'open'>
}

/** What a first dataset is made with. */
export interface PrepareTask extends Pick<FamilyTask, 'onProgress' | 'signal'> {
  readonly labels: readonly string[]
  /** Which vendors are learned from and which are judged when a version is measured; families that divide otherwise leave it. */
  readonly split?: { readonly past: readonly string[]; readonly test: readonly string[] }
}

/** A first dataset. */
export interface Prepared {
  readonly examples: readonly Example[]
  /** Its files as the versions of a slot learn from them. @throws ModelNotReady when the slot's cuts do not exist. */
  readonly filesFor: (slot: Pick<Slot, 'cuts'>) => VersionFiles
}

interface FamilyFacts {
  /** What its numbers count, in a sentence: `pictures`, `texts`. */
  readonly inputNoun: string
  /** What has to lie on this machine before a version can be opened or a dataset can grow. */
  readonly assets: readonly Asset<unknown>[]
  /** The names of the files of a dataset; a version carries the same ones, so that it can be made again. */
  readonly datasetFiles: readonly string[]
  /** What a new version is held to before any traffic. */
  readonly gates: readonly GateId[]
  readonly trainer: FamilyTrainer
}

/** A kind of model that says one of its bot's labels about what people send. */
export interface ClassifierFamily extends FamilyFacts {
  readonly kind: 'classifier'
  readonly input: ModelInput
  /** What tells near-duplicates of an input; a family without it takes only equal inputs for one. */
  readonly fingerprintOf?: (input: Uint8Array) => string
  /** Makes a first dataset, of examples that no version knows. @throws DatasetInvalid, ModelNotReady, or the signal's reason. */
  readonly prepare: (
    examples: AsyncIterable<RawExample<Uint8Array>>,
    task: PrepareTask,
    assets: Pick<Assets, 'open'>,
  ) => Promise<Prepared>
  /**
   * Makes the dataset of a next version: the parent's base examples and the corrections that are accepted now. The same parent and
   * corrections give the same bytes.
   * @param parent the files of the parent version of the slot.
   * @throws DatasetInvalid when a label is unknown or one class is left; ModelNotReady when files or networks do not fit.
   */
  readonly extend: (parent: VersionFiles, task: ExtendTask, assets: Pick<Assets, 'open'>) => Promise<Extended>
  /** Asks a version about the rows of a dataset, from its files alone. @throws ModelNotReady when they do not fit. */
  readonly judge: (version: VersionFiles, dataset: VersionFiles) => Judge
  /** Adds to each version's files, by slot, how the versions of all slots do side by side; families without it cannot tell. */
  readonly together?: (versions: ReadonlyMap<string, VersionFiles>) => ReadonlyMap<string, VersionFiles>
  /** @throws ModelNotReady naming what is missing, damaged or does not fit. */
  readonly open: (files: VersionFiles, context: OpenContext) => Promise<Classifier>
}

/** A kind of model that makes texts. Nobody asks it in a conversation, and it has no labels to correct. */
export interface GeneratorFamily extends FamilyFacts {
  readonly kind: 'generator'
  readonly input: { readonly kind: 'none' }
  /** @throws ModelNotReady naming what is missing, damaged or does not fit. */
  readonly open: (files: VersionFiles, context: OpenContext) => Promise<Generator>
}

/** A kind of model. Who asks for more than both kinds have decides by `kind`. */
export type Family = ClassifierFamily | GeneratorFamily

/** Kinds of models by their names, as `families/index.ts` lists them; composition roots hand them on. */
export type Families = Readonly<Record<string, Family>>

/** @throws ModelNotReady when this program has no such family. */
export function familyOf(families: Families, name: string): Family {
  const family = families[name]
  if (family === undefined) throw new ModelNotReady(`this program has no model family ${name}`)
  return family
}

/** The family of a bot that people ask. @throws ModelNotReady when there is none, or its versions answer nobody. */
export function classifierOf(families: Families, name: string): ClassifierFamily {
  const family = familyOf(families, name)
  if (family.kind !== 'classifier') throw new ModelNotReady(`a ${name} makes texts, and answers nobody`)
  return family
}
