import { getPriority, setPriority } from 'node:os'
import { type Families, familyOf } from '../family.ts'
import { sha256Of, type VersionFiles } from '../files.ts'
import { readFolder } from '../synced-files.ts'
import { openTensorflow, type Tensorflow, type TensorflowChoice } from '../tensorflow.ts'
import { publishAttempt } from './attempts.ts'
import { openCheckpoints, type TrainingStep } from './checkpoint-file.ts'
import { DatasetInvalid } from './task.ts'

/** What the parent asks, once. Folders are paths of this machine. */
export interface TrainingOrder {
  readonly family: string
  readonly bot: string
  /** For the card, see `VersionTask`. */
  readonly notes: string
  readonly seed: number
  readonly tensorflow: TensorflowChoice
  /** Holds the dataset's files and nothing else. */
  readonly datasetFolder: string
  /** Where the version's files go, in a folder of the attempt. It appears whole, by a rename, or not at all. */
  readonly outputFolder: string
  /** The fencing token: of two attempts the one with the higher number is the newer one. */
  readonly attempt: number
  /** Where checkpoints are kept over attempts; without it every attempt starts from the beginning. */
  readonly checkpointFolder?: string | undefined
  readonly checkpointEveryMs: number
}

/** What the child says. */
export type FromTrainer =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'step'; readonly step: TrainingStep }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

const say = (message: FromTrainer): void => {
  process.send?.(message)
}

/** Answering people comes first: half of the way to the lowest priority of POSIX. */
const niceness = 10

interface Training {
  readonly order: TrainingOrder
  readonly trainerVersion: string
  readonly dataset: VersionFiles
}

/** Everything that decides the weights. */
function orderDigest({ order, trainerVersion, dataset }: Training, { backend, versions }: Tensorflow): string {
  const files = Object.entries(dataset).map(([name, bytes]) => [name, sha256Of(bytes)])
  const trainer = [order.family, trainerVersion, backend, Object.entries(versions).toSorted()]
  return sha256Of(JSON.stringify([trainer, order.seed, files.toSorted()]))
}

/** `undefined` when the order wants none. */
function checkpointsOf(training: Training, tensorflow: Tensorflow) {
  const { checkpointFolder: folder, checkpointEveryMs: everyMs } = training.order
  if (folder === undefined) return undefined
  const onStep = (step: TrainingStep) => say({ kind: 'step', step })
  return openCheckpoints({ folder, order: orderDigest(training, tensorflow), everyMs, onStep })
}

async function train(families: Families, order: TrainingOrder): Promise<void> {
  const { trainer } = familyOf(families, order.family)
  const tensorflow = await openTensorflow(order.tensorflow)
  say({ kind: 'progress', text: `training on ${tensorflow.backend}: ${tensorflow.why}` })
  const dataset = await readFolder(order.datasetFolder)
  const checkpoints = await checkpointsOf({ order, trainerVersion: trainer.version, dataset }, tensorflow)
  if (checkpoints?.saved !== undefined) say({ kind: 'progress', text: 'going on from a checkpoint' })
  const { bot, notes, seed } = order
  const onProgress = (text: string) => say({ kind: 'progress', text })
  const task = { bot, notes, seed, onProgress, ...(checkpoints && { checkpoints }) }
  await publishAttempt(order.outputFolder, order.attempt, await trainer.train(tensorflow, dataset, task))
}

async function carryOut(families: Families, order: TrainingOrder): Promise<void> {
  try {
    setPriority(Math.max(getPriority(), niceness))
    await train(families, order)
    say({ kind: 'done' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'Unexpected'
    const message = error instanceof DatasetInvalid ? error.detail : error instanceof Error ? error.message : 'unknown'
    say({ kind: 'failed', code, message })
  } finally {
    process.disconnect()
  }
}

/** Makes this process a training child: it carries out the one order that its parent sends, and ends. */
export function serveTraining(families: Families): void {
  // A parent that is gone cannot take the result, and TensorFlow would hold the processor until it ends.
  process.on('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole process group; the parent decides when its training ends.
  process.on('SIGINT', () => undefined)
  process.once('message', (order) => void carryOut(families, order as TrainingOrder))
}
