import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelFamily } from '../domain/bot.ts'
import { DatasetInvalid, type VersionFiles } from './family.ts'
import { openTensorflow, type TensorflowChoice } from './tensorflow.ts'
import { trainers } from './trainers.ts'

/** What the parent asks, once. Folders are paths of this machine. */
export interface TrainingOrder {
  readonly family: ModelFamily
  readonly bot: string
  /** For the card, see `VersionTask`. */
  readonly notes: string
  readonly seed: number
  readonly tensorflow: TensorflowChoice
  /** Holds the dataset's files and nothing else. */
  readonly datasetFolder: string
  /** Where the version's files go. It appears whole, by a rename, or not at all. */
  readonly outputFolder: string
}

/** What the child says. */
export type FromTrainer =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

const say = (message: FromTrainer): void => {
  process.send?.(message)
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function publish(files: VersionFiles, folder: string): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeSynced(join(partial, name), bytes)
  await mkdir(dirname(folder), { recursive: true })
  await rename(partial, folder)
}

async function readFolder(folder: string): Promise<VersionFiles> {
  const names = await readdir(folder)
  const files = names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const)
  return Object.fromEntries(await Promise.all(files))
}

async function train(order: TrainingOrder): Promise<void> {
  const tensorflow = await openTensorflow(order.tensorflow)
  say({ kind: 'progress', text: `training on ${tensorflow.backend}: ${tensorflow.why}` })
  const { bot, notes, seed } = order
  const onProgress = (text: string) => say({ kind: 'progress', text })
  const version = await trainers[order.family](tensorflow, await readFolder(order.datasetFolder), {
    bot,
    notes,
    seed,
    onProgress,
  })
  await publish(version, order.outputFolder)
}

async function obey(order: TrainingOrder): Promise<void> {
  try {
    await train(order)
    say({ kind: 'done' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'Unexpected'
    const message = error instanceof DatasetInvalid ? error.detail : error instanceof Error ? error.message : 'unknown'
    say({ kind: 'failed', code, message })
  } finally {
    process.disconnect()
  }
}

// A parent that is gone cannot take the result, and TensorFlow would hold the processor until it ends.
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole process group; the parent decides when its training ends.
process.on('SIGINT', () => undefined)
process.once('message', (order) => void obey(order as TrainingOrder))
