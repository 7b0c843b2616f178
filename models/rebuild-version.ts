import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Families, familyOf } from './family.ts'
import { filesNamed, sha256Of, type VersionFiles } from './files.ts'
import type { FamilyTask } from './training/task.ts'
import { writeSynced } from './synced-files.ts'
import type { Tensorflow } from './tensorflow.ts'
import { trainInChild, type TrainingJob } from './training/train-in-child.ts'
import { readMetadata, type CommonMetadata } from './version-facts.ts'

/** How a rebuild ended. `differs` tells what, one thing each. */
export type Rebuilt =
  | { readonly outcome: 'same'; readonly weightsSha256: string }
  | { readonly outcome: 'different'; readonly weightsSha256: string; readonly differs: readonly string[] }
  | { readonly outcome: 'refused'; readonly differs: readonly string[] }

export interface RebuildTask extends Pick<FamilyTask, 'onProgress' | 'signal'> {
  /** An empty folder to work in; it is removed. */
  readonly folder: string
  readonly families: Families
  readonly tensorflow: Pick<Tensorflow, 'backend' | 'versions'>
  readonly environment: TrainingJob['environment']
}

/** What has to be the same for the same weights. */
function conditionsOf({ trainerVersion, backend, machine, libraries }: CommonMetadata): ReadonlyMap<string, string> {
  return new Map([
    ['trainerVersion', trainerVersion],
    ['backend', backend],
    ['machine', machine],
    ...Object.entries(libraries),
  ])
}

function differencesOf(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): readonly string[] {
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => `${name}: was ${was.get(name) ?? 'absent'}, is ${is.get(name) ?? 'absent'}`)
}

const present = (metadata: CommonMetadata, { families, tensorflow }: RebuildTask): CommonMetadata => ({
  ...metadata,
  trainerVersion: familyOf(families, metadata.family).trainer.version,
  backend: tensorflow.backend,
  machine: `${process.platform}-${process.arch}`,
  libraries: { ...tensorflow.versions, node: process.versions.node },
})

async function train(files: VersionFiles, metadata: CommonMetadata, task: RebuildTask): Promise<VersionFiles> {
  const { family, bot, notes, seed } = metadata
  const [datasetFolder, outputFolder] = [join(task.folder, 'dataset'), join(task.folder, 'version')]
  await mkdir(datasetFolder, { recursive: true })
  const { datasetFiles, trainer } = familyOf(task.families, family)
  for (const [name, bytes] of Object.entries(filesNamed(files, datasetFiles)))
    await writeSynced(join(datasetFolder, name), bytes)
  return trainInChild({
    ...{ family, bot, notes, seed, datasetFolder, outputFolder },
    tensorflow: task.tensorflow.backend,
    environment: task.environment,
    budgetMs: trainer.budgetMs,
    ...(task.onProgress && { onProgress: task.onProgress }),
    ...(task.signal && { signal: task.signal }),
  })
}

/**
 * Trains a version again from what is in its files, and compares. Where trainer, backend, machine type or a library is another one the
 * same weights are not promised, so it refuses and says what.
 * @throws ModelNotReady when the files are damaged; DatasetInvalid, TrainingFailed, or the signal's reason.
 */
export async function rebuildVersion(files: VersionFiles, task: RebuildTask): Promise<Rebuilt> {
  const metadata = readMetadata(files)
  const differs = differencesOf(conditionsOf(metadata), conditionsOf(present(metadata, task)))
  if (differs.length > 0) return { outcome: 'refused', differs }
  try {
    const rebuilt = await train(files, metadata, task)
    const weightsSha256 = sha256Of(rebuilt['weights.bin'] ?? '')
    const again = readMetadata(rebuilt)
    const was = new Map([
      ['weights', sha256Of(files['weights.bin'] ?? '')],
      ['temperature', String(metadata.temperature)],
    ])
    const is = new Map([
      ['weights', weightsSha256],
      ['temperature', String(again.temperature)],
    ])
    const found = differencesOf(was, is)
    return found.length === 0
      ? { outcome: 'same', weightsSha256 }
      : { outcome: 'different', weightsSha256, differs: found }
  } finally {
    await rm(task.folder, { recursive: true, force: true })
  }
}
