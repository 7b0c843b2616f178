import { fork, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { attemptFolder, beginAttempt, forgetAttempt, StaleAttempt } from './attempts.ts'
import type { TrainingStep } from './checkpoint-file.ts'
import { DatasetInvalid } from './task.ts'
import type { VersionFiles } from '../files.ts'
import { readFolder } from '../synced-files.ts'
import type { FromTrainer, TrainingOrder } from './serve-training.ts'

/**
 * Thrown when a training ended without a version; `reason` is its own error code (`NotANumber`, `ENOSPC`, …), `ProcessLost` when it
 * was killed or out of memory, `TooLong`, or `StaleAttempt`.
 */
export class TrainingFailed extends Error {
  readonly code = 'TrainingFailed'
  readonly reason: string
  constructor(reason: string, detail: string) {
    super(`the training ended without a version: ${detail}`)
    this.reason = reason
  }
}

export interface TrainingJob extends Omit<TrainingOrder, 'attempt' | 'checkpointEveryMs'> {
  /** 1 when it does not say so. */
  readonly attempt?: number
  readonly checkpointEveryMs?: number
  /** The environment of the child; the number of threads is set by us, because the same weights need the same one. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onProgress?: (text: string) => void
  /** Told when a checkpoint is durable, from which the next attempt goes on. */
  readonly onStep?: (step: TrainingStep) => void
  readonly signal?: AbortSignal
  /** A training that takes longer is killed; without it none is. */
  readonly budgetMs?: number
}

/** One thread of each kind: a sum in another order is another sum in its last digits. */
const oneThread = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  // TensorFlow's greeting is not an error.
  TF_CPP_MIN_LOG_LEVEL: '2',
}

/** As it was built: what runs is never a source. */
const childModule = new URL('./train-child.js', import.meta.url)

/**
 * When memory runs out, Linux ends this process before any other (`proc_pid_oom_score_adj(5)`): it can be started again where it was,
 * and a worker would take its other work along. Where it cannot be said, nothing changes.
 */
function goesFirstWithoutMemory({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) writeFileSync(`/proc/${pid}/oom_score_adj`, '1000')
  } catch {
    // Another system, or it has just ended.
  }
}

function forkTrainer(environment: TrainingJob['environment']): ChildProcess {
  const child = fork(childModule, {
    serialization: 'advanced',
    execArgv: [],
    env: { ...environment, ...oneThread },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  goesFirstWithoutMemory(child)
  return child
}

/** Of SIGKILL a process cannot say anything itself; on a server it is the system's way to end whoever takes too much memory. */
const wasKilled = 'its process was killed, perhaps because memory ran out'

/** Until the child is gone: its last word, or how it was lost. */
function outcomeOf(child: ChildProcess, job: TrainingJob): Promise<FromTrainer> {
  return new Promise((resolve) => {
    let last: FromTrainer | undefined
    child.on('message', (said: FromTrainer) => {
      if (said.kind === 'progress') job.onProgress?.(said.text)
      else if (said.kind === 'step') job.onStep?.(said.step)
      else last = said
    })
    const lost = (detail: string): FromTrainer => ({ kind: 'failed', code: 'ProcessLost', message: detail })
    child.once('error', () => resolve(lost('its process could not be started')))
    child.once('exit', (code, signal) =>
      resolve(
        last ?? lost(signal === 'SIGKILL' ? wasKilled : `its process ended with ${signal ?? `code ${code ?? '?'}`}`),
      ),
    )
  })
}

const checkpointEveryMs = 2_000

const orderOf = (job: TrainingJob): TrainingOrder => ({
  family: job.family,
  bot: job.bot,
  notes: job.notes,
  seed: job.seed,
  tensorflow: job.tensorflow,
  datasetFolder: job.datasetFolder,
  outputFolder: job.outputFolder,
  attempt: job.attempt ?? 1,
  checkpointFolder: job.checkpointFolder,
  checkpointEveryMs: job.checkpointEveryMs ?? checkpointEveryMs,
})

/** @throws DatasetInvalid, TrainingFailed. */
function throwFailure(outcome: FromTrainer): void {
  if (outcome.kind === 'done') return
  const { code, message } = outcome.kind === 'failed' ? outcome : { code: 'Unknown', message: '' }
  throw code === 'InvalidDataset' ? new DatasetInvalid(message) : new TrainingFailed(code, message)
}

/** Ends a training that takes longer than it may. */
function openBudget(budgetMs: number | undefined, end: () => void) {
  let isOver = false
  const overrun = () => {
    isOver = true
    end()
  }
  const timer = budgetMs === undefined ? undefined : setTimeout(overrun, budgetMs)
  return { isOver: () => isOver, stop: () => clearTimeout(timer) }
}

async function runChild(job: TrainingJob, order: TrainingOrder): Promise<void> {
  // From here to the listener nothing is awaited, so no abort is missed.
  job.signal?.throwIfAborted()
  const child = forkTrainer(job.environment)
  const kill = () => void child.kill('SIGKILL')
  job.signal?.addEventListener('abort', kill, { once: true })
  const budget = openBudget(job.budgetMs, kill)
  try {
    const ended = outcomeOf(child, job)
    child.send(order, () => undefined)
    const outcome = await ended
    job.signal?.throwIfAborted()
    if (budget.isOver() && outcome.kind !== 'done') throw new TrainingFailed('TooLong', 'it took longer than it may')
    throwFailure(outcome)
  } finally {
    budget.stop()
    job.signal?.removeEventListener('abort', kill)
  }
}

/**
 * Trains one version in a process of its own, on one thread and behind everybody else: a crash, a leak or an abort leaves this process
 * alone. With a checkpoint folder a training that was killed goes on where it was, to the same weights.
 * @returns the files, which are in the attempt's folder of `outputFolder` too.
 * @throws DatasetInvalid, TrainingFailed, or the signal's reason after the child was killed.
 */
export async function trainInChild(job: TrainingJob): Promise<VersionFiles> {
  job.signal?.throwIfAborted()
  const order = orderOf(job)
  const { outputFolder, attempt } = order
  try {
    await beginAttempt(outputFolder, attempt)
    await runChild(job, order)
    return await readFolder(attemptFolder(outputFolder, attempt))
  } catch (error) {
    throw error instanceof StaleAttempt ? new TrainingFailed(error.code, error.message) : error
  } finally {
    await forgetAttempt(outputFolder, attempt)
  }
}
