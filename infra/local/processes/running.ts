import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { mkdirSync, openSync, closeSync } from 'node:fs'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from './identity.ts'

/** How a process ended, in words: `exit code 1`, `signal SIGKILL`. */
export type Ending = string

/** A process of ours that runs. */
export interface Running {
  readonly pid: number
  readonly child: ChildProcess
  /** Resolves when it has ended, never rejects. */
  readonly ended: Promise<Ending>
  /** Ends it: the polite signal, `drainMs` to finish, then SIGKILL to its whole group. Resolves when it has ended. */
  readonly stop: (drainMs?: number) => Promise<void>
  /** SIGKILL to its whole group, at once. */
  readonly kill: () => void
}

/** Hears of a process as soon as it exists, before it is ready: whoever started it can note it and stop it from then on. */
export type OnSpawn = (running: Running) => void

export interface LaunchOptions extends SpawnOptions {
  /** Its output is appended there; where none is named, it goes where ours goes. */
  readonly logFile?: string
  /** The polite signal; PostgreSQL calls SIGINT its fast shutdown. */
  readonly stopSignal?: NodeJS.Signals
  readonly ipc?: boolean
  /** A folder in which the process is noted while it runs, so that it can be stopped when whoever started it was killed. */
  readonly noteIn?: string | undefined
  readonly onSpawn?: OnSpawn | undefined
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}

/** Notes who runs until it has ended. */
async function note(folder: string, { pid, ended }: Pick<Running, 'pid' | 'ended'>): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${pid}.json`)
  await writeFile(path, JSON.stringify(await identify(pid)))
  void ended.then(() => rm(path, { force: true }).catch(() => undefined))
}

/** How long a process may take to finish what it is doing when it is asked to stop. */
export const drainMilliseconds = 15_000

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'a', 0o600)
}

/**
 * Starts a process in a group of its own.
 * @throws Error when the program cannot be started at all.
 */
export async function launch(command: string, args: readonly string[], options: LaunchOptions): Promise<Running> {
  const { logFile, stopSignal = 'SIGTERM', ipc = false, onSpawn, noteIn, ...rest } = options
  const log = logFile === undefined ? 'inherit' : openLog(logFile)
  const child = spawn(command, args, {
    ...rest,
    detached: true,
    stdio: ['ignore', log, log, ...(ipc ? (['ipc'] as const) : [])],
  })
  if (log !== 'inherit') closeSync(log)
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const pid = child.pid ?? 0
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code ?? -1}` : `signal ${signal}`))
  })
  const stop = async (drainMs = drainMilliseconds) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(stopSignal)
    const patience = new AbortController()
    const late = sleep(drainMs, 'late', { signal: patience.signal }).catch(() => 'ended')
    if ((await Promise.race([ended, late])) === 'late') signalGroup(pid, 'SIGKILL')
    patience.abort()
    await ended
    signalGroup(pid, 'SIGKILL')
  }
  const running = { pid, child, ended, stop, kill: () => signalGroup(pid, 'SIGKILL') }
  onSpawn?.(running)
  if (noteIn !== undefined) await note(noteIn, running)
  return running
}

/** The last lines of a log file, for a person who has to find out what went wrong. */
export async function tailOf(logFile: string, lines = 5): Promise<string> {
  const handle = await open(logFile).catch(() => undefined)
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, 8192)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    const text = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-lines)
    return text.map((line) => `    ${line.slice(0, 300)}`).join('\n')
  } finally {
    await handle.close()
  }
}
