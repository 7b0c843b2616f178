import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trainer, TrainingTask } from '../../activities/learning/deps.ts'
import type { TensorflowChoice } from '../../models/tensorflow.ts'
import { trainInChild } from '../../models/train-in-child.ts'

export interface TrainerOptions {
  /** Holds a folder per training that goes on. */
  readonly folder: string
  readonly tensorflow: () => Promise<TensorflowChoice>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How far apart checkpoints are; as the trainer has it when left out. */
  readonly checkpointEveryMs?: number
}

async function writeDataset(folder: string, files: TrainingTask['dataset']): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
}

/** Trains in child processes. A training's folder holds its dataset, its checkpoints and what its attempts made. */
export const openTrainer = ({ folder, tensorflow, environment, checkpointEveryMs }: TrainerOptions): Trainer => ({
  train: async ({ name, dataset, ...task }) => {
    const own = join(folder, name)
    const datasetFolder = join(own, `dataset-${task.attempt}`)
    await writeDataset(datasetFolder, dataset)
    return trainInChild({
      ...task,
      tensorflow: await tensorflow(),
      datasetFolder,
      checkpointFolder: join(own, 'checkpoints'),
      outputFolder: join(own, 'version'),
      environment,
      ...(checkpointEveryMs !== undefined && { checkpointEveryMs }),
    })
  },
  forget: (name) => rm(join(folder, name), { recursive: true, force: true }),
})

/** Removes what trainings have left that do not run any more. */
export async function removeLeftovers(folder: string, running: readonly string[]): Promise<void> {
  const isRunning = (name: string) => running.some((each) => name.startsWith(`${each}-`))
  for (const name of await readdir(folder).catch(() => []))
    if (!isRunning(name)) await rm(join(folder, name), { recursive: true, force: true })
}
