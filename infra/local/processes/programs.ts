import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { inheritedEnvironment } from '../../config.ts'

/** The first executable file called `name` on PATH, or `undefined`. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (inheritedEnvironment()['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const candidate = join(folder, name)
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (usable) return candidate
  }
  return undefined
}

export interface RunOptions {
  readonly cwd?: string
  /** Added to the inherited environment. */
  readonly env?: Readonly<Record<string, string>>
  /** After this many milliseconds the program and all it started are killed. */
  readonly timeoutMs: number
  readonly uid?: number
  readonly gid?: number
}

export interface RunResult {
  /** The exit code; −1 when it was killed, could not be started, or took too long. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already, which is what was wanted.
  }
}

/** Runs a program to its end, bounded in time, in a process group of its own. Never rejects: a failure is a code other than 0. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { timeoutMs, env, ...rest } = options
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...rest,
      env: { ...inheritedEnvironment(), ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    const kill = () => killGroup(child.pid)
    const timer = setTimeout(kill, timeoutMs)
    process.once('exit', kill)
    const end = (code: number, extra = '') => {
      clearTimeout(timer)
      process.off('exit', kill)
      const text = (parts: readonly Buffer[]) => Buffer.concat(parts).toString('utf8')
      resolve({ code, stdout: text(stdout), stderr: text(stderr) + extra })
    }
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.once('error', (error) => end(-1, error.message))
    child.once('close', (code) => end(code ?? -1))
  })
}

/** The last lines of a program's complaint, for an error message; addresses lose their user and password. */
export const lastLines = (text: string, count = 3): string =>
  text
    .replaceAll(/\/\/[^/@\s]+@/g, '//')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join(' | ')
    .slice(0, 600)
