import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trainer, TrainingTask } from '../../activities/learning/train-slot.ts'
import { type Families, familyOf } from '../../models/family.ts'
import type { VersionFiles } from '../../models/files.ts'
import type { TensorflowChoice } from '../../models/tensorflow.ts'
import { trainInChild } from '../../models/training/train-in-child.ts'

export interface TrainerOptions {
  /** Holds a folder per training that goes on. */
  readonly folder: string
  readonly families: Families
  readonly tensorflow: () => Promise<TensorflowChoice>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The retrains that have not ended, as `<bot>-<number>`. */
  readonly running: () => Promise<readonly string[]>
  /** How far apart checkpoints are; as the trainer has it when left out. */
  readonly checkpointEveryMs?: number
}

async function writeDataset(folder: string, files: TrainingTask['dataset']): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
}

/** A rebuild takes minutes, and removes its folder itself unless it is killed. */
const rebuildPrefix = 'rebuild-'
const longestRebuildMs = 24 * 60 * 60_000

/** A new folder for a rebuild, which other workers of this machine leave alone. */
export const rebuildFolder = (folder: string): string => join(folder, `${rebuildPrefix}${randomUUID()}`)

async function mayBeUsed(folder: string, name: string, running: readonly string[]): Promise<boolean> {
  if (!name.startsWith(rebuildPrefix)) return running.some((each) => name.startsWith(`${each}-`))
  const age = await stat(join(folder, name)).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
  return age < longestRebuildMs
}

/** Removes what trainings and rebuilds have left that do not run any more. */
export async function removeLeftovers({ folder, running }: Pick<TrainerOptions, 'folder' | 'running'>): Promise<void> {
  // Names first: what begins after them belongs to a retrain that is asked about after it.
  const names = await readdir(folder).catch(() => [])
  const going = names.length > 0 ? await running() : []
  for (const name of names)
    if (!(await mayBeUsed(folder, name, going))) await rm(join(folder, name), { recursive: true, force: true })
}

async function train(options: TrainerOptions, { name, dataset, ...task }: TrainingTask): Promise<VersionFiles> {
  const { families, folder, tensorflow, environment, checkpointEveryMs } = options
  const own = join(folder, name)
  const datasetFolder = join(own, `dataset-${task.attempt}`)
  try {
    await writeDataset(datasetFolder, dataset)
    return await trainInChild({
      ...task,
      tensorflow: await tensorflow(),
      datasetFolder,
      checkpointFolder: join(own, 'checkpoints'),
      outputFolder: join(own, 'version'),
      environment,
      budgetMs: familyOf(families, task.family).trainer.budgetMs,
      ...(checkpointEveryMs !== undefined && { checkpointEveryMs }),
    })
  } finally {
    // The next attempt writes its own.
    await rm(datasetFolder, { recursive: true, force: true })
  }
}

/**
 * Trains in child processes. A training's folder holds its dataset, its checkpoints and what its attempts made; those of
 * retrains that are over make room first.
 */
export const openTrainer = (options: TrainerOptions): Trainer => ({
  train: async (task) => {
    await removeLeftovers(options)
    return train(options, task)
  },
  forget: (name) => rm(join(options.folder, name), { recursive: true, force: true }),
})
