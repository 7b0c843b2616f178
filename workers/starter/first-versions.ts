import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of, type VersionFiles } from '../../models/files.ts'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { type Bot, type Slot, slotsOf } from '../../domain/bot.ts'
import { ModelNotReady, UnderstudyError } from '../../domain/errors.ts'
import { type Config, inheritedEnvironment } from '../../infra/config.ts'
import { DatasetInvalid } from '../../models/training/task.ts'
import { openTensorflow, TensorflowUnavailable, type Tensorflow } from '../../models/tensorflow.ts'
import { trainInChild, TrainingFailed } from '../../models/training/train-in-child.ts'
import { type ClassifierFamily, classifierOf, type Families } from '../../models/family.ts'
import type { Assets } from '../../models/runtime/assets.ts'
import { factsOf } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import { botsFolder } from '../bots/bots.ts'
import { assetsOf } from '../open-models.ts'
import { blobsUrlOf } from '../settings.ts'
import { type HeldInput, splitHeldInputs, withHeldInputs } from './held-inputs.ts'
import { keepVersion, keptVersionFolder, readKeptVersion } from './kept-versions.ts'
import { pictureStarter } from './pictures/picture-starter.ts'
import { RecipeInvalid } from './pictures/recipe.ts'
import { registerFirstVersions } from './register-versions.ts'
import type { Material, StarterFamily } from './starter-family.ts'
import { titleStarter } from './titles/title-starter.ts'

export interface StarterDeps {
  readonly config: Config
  readonly db: Db
  readonly families: Families
  readonly tell: (text: string) => void
  readonly signal: AbortSignal
}

const ours = [UnderstudyError, DatasetInvalid, RecipeInvalid, TensorflowUnavailable, TrainingFailed]
/** Whether an error's message holds nothing but our own words. */
export const isOurs = (error: unknown): error is Error => ours.some((kind) => error instanceof kind)

/** The recipes by the name of their family. */
const recipes: Readonly<Record<string, StarterFamily>> = {
  'picture-classifier': pictureStarter,
  'text-classifier': titleStarter,
}

/** Everything that making versions needs, opened once for all bots. */
export interface Workshop extends StarterDeps {
  readonly tensorflow: Tensorflow
  readonly assets: Assets
}

/** @throws TensorflowUnavailable. */
export async function openWorkshop(deps: StarterDeps): Promise<Workshop> {
  const tensorflow = await openTensorflow(deps.config.tensorflow)
  deps.tell(
    `TensorFlow runs ${tensorflow.backend === 'native' ? 'natively' : `as ${tensorflow.backend}: ${tensorflow.why}`}`,
  )
  return { ...deps, tensorflow, assets: assetsOf(deps.config, () => Promise.resolve(tensorflow)) }
}

interface Task {
  readonly bot: Bot
  readonly family: ClassifierFamily
  readonly recipe: StarterFamily
  readonly workshop: Workshop
  readonly tell: (text: string) => void
}

async function trainVersion(
  { bot, family, workshop, tell }: Task,
  slot: Slot,
  material: Material,
): Promise<VersionFiles> {
  const folder = join(workshop.config.home, 'starter', `${bot.name}-${slot.name}`)
  const datasetFolder = join(folder, 'dataset')
  await rm(folder, { recursive: true, force: true })
  try {
    await mkdir(datasetFolder, { recursive: true })
    for (const [name, bytes] of Object.entries(material.filesFor(slot)))
      await writeFile(join(datasetFolder, name), bytes)
    return await trainInChild({
      family: bot.family,
      bot: bot.name,
      notes: material.notes,
      seed: material.seed,
      tensorflow: workshop.tensorflow.backend,
      datasetFolder,
      outputFolder: join(folder, 'version'),
      environment: inheritedEnvironment(),
      budgetMs: family.trainer.budgetMs,
      onProgress: tell,
      signal: workshop.signal,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Loads the version as an inference worker does, before anything can be told to serve it. */
async function sandboxLoad({ family, workshop }: Task, files: VersionFiles): Promise<void> {
  const version = await family.open(files, workshop)
  try {
    await version.warmUp()
  } finally {
    version.dispose()
  }
}

const trainWithInputs = async (task: Task, slot: Slot, material: Material): Promise<VersionFiles> =>
  withHeldInputs(await trainVersion(task, slot, material), material.held)

interface Made {
  readonly slot: string
  readonly files: VersionFiles
  readonly held: readonly HeldInput[]
  readonly wasKept: boolean
}

/** The version of every slot, kept from before or trained now; the starter data are built only when one has to be trained. */
async function makeSlots(task: Task): Promise<readonly Made[]> {
  const { bot, recipe, workshop } = task
  const cache = join(workshop.config.home, 'cache')
  const backend = workshop.tensorflow.backend
  let material: Promise<Material> | undefined
  const collected = () => (material ??= recipe.collect(bot, { ...workshop, botsFolder, tell: task.tell }))
  const made: Made[] = []
  for (const slot of slotsOf(bot)) {
    const folder = await keptVersionFolder(cache, { bot, slot, backend, sources: recipe.sources })
    const kept = await readKeptVersion(folder)
    const all = kept ?? (await trainWithInputs(task, slot, await collected()))
    const { files, inputs: held } = splitHeldInputs(all)
    await sandboxLoad(task, files)
    if (kept === undefined) await keepVersion(folder, all)
    made.push({ slot: slot.name, files, held, wasKept: kept !== undefined })
  }
  return made
}

/**
 * Makes the first version of every slot of a bot that has none: builds the dataset, trains in a child, loads it in a sandbox,
 * keeps its files and registers them as what serves. Nothing is registered before everything is there, so a killed run is
 * simply run again.
 * @throws RecipeInvalid, DatasetInvalid, TrainingFailed, ModelNotReady, or the signal's reason.
 */
export async function makeFirstVersions(workshop: Workshop, bot: Bot): Promise<void> {
  const family = classifierOf(workshop.families, bot.family)
  const recipe = recipes[bot.family]
  if (recipe === undefined) throw new ModelNotReady(`there is no recipe for a first ${bot.family}`)
  const started = Date.now()
  const tell = (text: string) => workshop.tell(`${bot.name}: ${text}`)
  const made = await makeSlots({ bot, family, recipe, workshop, tell })
  const alone = new Map(made.map((one) => [one.slot, one.files]))
  const files = family.together?.(alone) ?? alone
  const { datasetFiles, inputNoun } = family
  const versions = [...files].map(([slot, all]) => ({ slot, files: all, datasetFiles, facts: factsOf(all) }))
  const [{ held } = { held: [] }] = made
  const starter = { versions, held }
  await registerFirstVersions({ db: workshop.db, blobs: openBlobs(blobsUrlOf(workshop.config)) }, bot, starter)
  const seconds = Math.round((Date.now() - started) / 1000)
  for (const [index, { facts, files: all }] of versions.entries()) {
    const hash = sha256Of(all['weights.bin'] ?? '').slice(0, 12)
    const how = made[index]?.wasKept === true ? 'was kept from before' : `learned from ${facts.size} ${inputNoun}`
    tell(`version ${index + 1} (weights ${hash}) ${how}, ${seconds} s`)
  }
}
