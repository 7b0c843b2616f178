import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBlobs, type Blobs } from '../../adapters/blobs/files.ts'
import type { Bot } from '../../domain/bot.ts'
import { ModelNotReady, UnderstudyError } from '../../domain/errors.ts'
import type { ServingSet } from '../../domain/serving-set.ts'
import { type Config, inheritedEnvironment } from '../../infra/config.ts'
import { openBackbone } from '../../models/backbone.ts'
import { DatasetInvalid, type Dataset, type VersionFiles } from '../../models/family.ts'
import { pictureClassifier } from '../../models/picture-classifier.ts'
import { datasetFileNames, datasetFiles, readDatasetFiles, sha256Of } from '../../models/pictures/version-files.ts'
import { openPredictor } from '../../models/predictor.ts'
import { openTensorflow, TensorflowUnavailable, type Tensorflow } from '../../models/tensorflow.ts'
import { trainInChild, TrainingFailed } from '../../models/train-in-child.ts'
import { appendAudit } from '../../store/audit.ts'
import { saveDataset } from '../../store/datasets.ts'
import type { Db } from '../../store/db.ts'
import { replaceServingSet } from '../../store/serving-sets.ts'
import { registerVersion, versionsOf } from '../../store/versions.ts'
import { blobsUrlOf } from '../settings.ts'
import { drawingsOf } from './drawings.ts'
import { keepVersion, keptVersionFolder, readKeptVersion } from './kept-versions.ts'
import { readRecipe, RecipeInvalid, type Recipe } from './recipe.ts'
import { examplesOf } from './render.ts'

export interface StarterDeps {
  readonly config: Config
  readonly db: Db
  readonly tell: (text: string) => void
  readonly signal: AbortSignal
}

const ours = [UnderstudyError, DatasetInvalid, RecipeInvalid, TensorflowUnavailable, TrainingFailed]
/** Whether an error's message holds nothing but our own words. */
export const isOurs = (error: unknown): error is Error => ours.some((kind) => error instanceof kind)

const actor = 'system:starter'
const slot = 'main'

interface Workshop extends StarterDeps {
  readonly tensorflow: Tensorflow
  readonly backboneFile: string
  readonly blobs: Blobs
}

async function openWorkshop(deps: StarterDeps): Promise<Workshop> {
  const { backboneWeights: backboneFile } = deps.config
  if (backboneFile === undefined)
    throw new ModelNotReady('BACKBONE_WEIGHTS is not set; `npm start` provisions the weights and sets it')
  const tensorflow = await openTensorflow(deps.config.tensorflow)
  deps.tell(
    `TensorFlow runs ${tensorflow.backend === 'native' ? 'natively' : `as ${tensorflow.backend}: ${tensorflow.why}`}`,
  )
  return { ...deps, tensorflow, backboneFile, blobs: openBlobs(blobsUrlOf(deps.config)) }
}

async function buildDataset(workshop: Workshop, bot: Bot, recipe: Recipe): Promise<Dataset> {
  const backbone = await openBackbone(workshop.tensorflow, workshop.backboneFile)
  const family = pictureClassifier({ tensorflow: workshop.tensorflow, backbone })
  let told = Date.now()
  return family.prepare(examplesOf(drawingsOf(recipe)), {
    labels: bot.labels.map(({ id }) => id),
    signal: workshop.signal,
    onProgress: (text) => {
      if (Date.now() - told < 2_000) return
      told = Date.now()
      workshop.tell(`${bot.name}: ${text}`)
    },
  })
}

async function trainVersion(
  workshop: Workshop,
  bot: Bot,
  task: { readonly dataset: Dataset; readonly recipe: Recipe },
): Promise<VersionFiles> {
  const folder = join(workshop.config.home, 'starter', bot.name)
  const datasetFolder = join(folder, 'dataset')
  await rm(folder, { recursive: true, force: true })
  try {
    await mkdir(datasetFolder, { recursive: true })
    for (const [name, bytes] of Object.entries(datasetFiles(task.dataset)))
      await writeFile(join(datasetFolder, name), bytes)
    return await trainInChild({
      bot: bot.name,
      notes: task.recipe.notes,
      seed: task.recipe.seed,
      tensorflow: workshop.tensorflow.backend,
      datasetFolder,
      outputFolder: join(folder, 'version'),
      environment: inheritedEnvironment(),
      onProgress: (text) => workshop.tell(`${bot.name}: ${text}`),
      signal: workshop.signal,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Loads the version as an inference worker does, before anything can be told to serve it. */
async function sandboxLoad(workshop: Workshop, files: VersionFiles): Promise<void> {
  const predictor = await openPredictor({ tensorflow: workshop.tensorflow, backboneFile: workshop.backboneFile, files })
  try {
    await predictor.warmUp()
  } finally {
    predictor.dispose()
  }
}

async function keep(blobs: Blobs, files: VersionFiles): Promise<Readonly<Record<string, string>>> {
  const kept: [string, string][] = []
  for (const [name, bytes] of Object.entries(files)) kept.push([name, await blobs.put(bytes)])
  return Object.fromEntries(kept)
}

const firstSet = (bot: Bot): ServingSet => ({
  policy: bot.policy,
  members: [{ slot, version: 1, stage: 'live', weight: 1, baseline: true }],
})

const countsOf = (dataset: Dataset): Readonly<Record<string, number>> =>
  Object.fromEntries(
    dataset.labels.map((label) => [label, dataset.examples.filter((one) => one.label === label).length]),
  )

/** Dataset, version, serving set and audit in one transaction: a kill leaves all of it or nothing. */
async function register(
  { db, blobs }: Workshop,
  bot: Bot,
  made: { readonly dataset: Dataset; readonly files: VersionFiles },
): Promise<void> {
  const { dataset } = made
  const files = await keep(blobs, made.files)
  const weightsSha256 = files['weights.bin'] ?? ''
  await db.transaction().execute(async (trx) => {
    if ((await versionsOf(trx, bot.name)).length > 0) return
    await saveDataset(trx, {
      root: dataset.root,
      bot: bot.name,
      family: bot.family,
      examplesSha256: files[datasetFileNames.examples] ?? '',
      embeddingsSha256: files[datasetFileNames.embeddings] ?? '',
      size: dataset.examples.length,
      labelCounts: countsOf(dataset),
    })
    await registerVersion(trx, {
      bot: bot.name,
      version: 1,
      slot,
      family: bot.family,
      parent: undefined,
      datasetRoot: dataset.root,
      weightsSha256,
      files,
      labels: dataset.labels,
      preprocessingVersion: dataset.preprocessingVersion,
    })
    const details = { version: 1, datasetRoot: dataset.root, weightsSha256 }
    await appendAudit(trx, { actor, action: 'version.registered', subject: bot.name, details })
    await replaceServingSet(trx, { bot: bot.name, set: firstSet(bot), actor })
  })
}

async function learn(workshop: Workshop, bot: Bot): Promise<VersionFiles> {
  const recipe = await readRecipe(bot)
  workshop.tell(`${bot.name}: drawing what it learns from`)
  const dataset = await buildDataset(workshop, bot, recipe)
  return trainVersion(workshop, bot, { dataset, recipe })
}

/**
 * Makes the first version of bots that have none: builds the dataset, trains in a child, loads it in a sandbox, keeps its
 * files and registers it as what serves. Nothing is registered before everything is there, so a killed run is simply run again.
 * @throws RecipeInvalid, DatasetInvalid, TrainingFailed, ModelNotReady, or the signal's reason.
 */
export async function makeFirstVersions(deps: StarterDeps, bots: readonly Bot[]): Promise<void> {
  const workshop = await openWorkshop(deps)
  for (const bot of bots) {
    const started = Date.now()
    const folder = await keptVersionFolder(join(deps.config.home, 'cache'), bot.name, workshop.tensorflow.backend)
    const kept = await readKeptVersion(folder)
    const files = kept ?? (await learn(workshop, bot))
    await sandboxLoad(workshop, files)
    if (kept === undefined) await keepVersion(folder, files)
    const dataset = readDatasetFiles(files)
    await register(workshop, bot, { dataset, files })
    const hash = sha256Of(files['weights.bin'] ?? '').slice(0, 12)
    const seconds = Math.round((Date.now() - started) / 1000)
    const how = kept === undefined ? `learned from ${dataset.examples.length} pictures` : 'was kept from before'
    deps.tell(`${bot.name}: version 1 (weights ${hash}) ${how}, ${seconds} s`)
  }
}
