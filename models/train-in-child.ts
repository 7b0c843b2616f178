import { fork, type ChildProcess } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { DatasetInvalid, type VersionFiles } from './family.ts'
import type { FromTrainer, TrainingOrder } from './train-child.ts'

/** Thrown when a training ended without a version; `reason` is its own error code, or how its process was lost. */
export class TrainingFailed extends Error {
  readonly code = 'TrainingFailed'
  readonly reason: string
  constructor(reason: string, detail: string) {
    super(`the training ended without a version: ${detail}`)
    this.reason = reason
  }
}

export interface TrainingJob extends TrainingOrder {
  /** The environment of the child; the number of threads is set by us, because the same weights need the same one. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onProgress?: (text: string) => void
  readonly signal?: AbortSignal
}

/** One thread of each kind: a sum in another order is another sum in its last digits. */
const oneThread = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  // TensorFlow's greeting is not an error.
  TF_CPP_MIN_LOG_LEVEL: '2',
}

const extension = extname(new URL(import.meta.url).pathname)
const childModule = new URL(`./train-child${extension}`, import.meta.url)

function forkTrainer(environment: TrainingJob['environment']): ChildProcess {
  const loader = extension === '.ts' ? ['--import', import.meta.resolve('tsx')] : []
  return fork(childModule, {
    serialization: 'advanced',
    execArgv: loader,
    env: { ...environment, ...oneThread },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** Until the child is gone: its last word, or how it was lost. */
function outcomeOf(child: ChildProcess, job: TrainingJob): Promise<FromTrainer> {
  return new Promise((resolve) => {
    let last: FromTrainer | undefined
    child.on('message', (said: FromTrainer) => {
      if (said.kind === 'progress') job.onProgress?.(said.text)
      else last = said
    })
    const lost = (detail: string): FromTrainer => ({ kind: 'failed', code: 'ProcessLost', message: detail })
    child.once('error', () => resolve(lost('its process could not be started')))
    child.once('exit', (code, signal) =>
      resolve(last ?? lost(`its process ended with ${signal ?? `code ${code ?? '?'}`}`)),
    )
  })
}

/** A killed child leaves its half-written folder behind. */
async function removePartials(outputFolder: string): Promise<void> {
  const names = await readdir(dirname(outputFolder)).catch(() => [])
  for (const name of names)
    if (name.startsWith(`${basename(outputFolder)}.partial-`))
      await rm(join(dirname(outputFolder), name), { recursive: true, force: true })
}

async function readFolder(folder: string): Promise<VersionFiles> {
  const names = (await readdir(folder)).toSorted()
  const files = await Promise.all(
    names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const),
  )
  return Object.fromEntries(files)
}

/**
 * Trains one version in a process of its own, on one thread: a crash, a leak or an abort leaves this process alone.
 * @returns the files, which are in `outputFolder` too.
 * @throws DatasetInvalid, TrainingFailed, or the signal's reason after the child was killed.
 */
export async function trainInChild(job: TrainingJob): Promise<VersionFiles> {
  job.signal?.throwIfAborted()
  await rm(job.outputFolder, { recursive: true, force: true })
  const child = forkTrainer(job.environment)
  const kill = () => void child.kill('SIGKILL')
  job.signal?.addEventListener('abort', kill, { once: true })
  try {
    const ended = outcomeOf(child, job)
    const { family, bot, notes, seed, tensorflow, datasetFolder, outputFolder } = job
    const order: TrainingOrder = { family, bot, notes, seed, tensorflow, datasetFolder, outputFolder }
    child.send(order, () => undefined)
    const outcome = await ended
    job.signal?.throwIfAborted()
    if (outcome.kind === 'failed' && outcome.code === 'InvalidDataset') throw new DatasetInvalid(outcome.message)
    if (outcome.kind !== 'done')
      throw new TrainingFailed(
        outcome.kind === 'failed' ? outcome.code : 'Unknown',
        outcome.kind === 'failed' ? outcome.message : '',
      )
    return await readFolder(job.outputFolder)
  } finally {
    job.signal?.removeEventListener('abort', kill)
    await removePartials(job.outputFolder)
  }
}
