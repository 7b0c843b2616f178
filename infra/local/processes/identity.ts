import { readFile } from 'node:fs/promises'
import { run } from './programs.ts'

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in words of this machine that only need to compare equal. */
  readonly started: string
}

/**
 * When the process started: on Linux its start in ticks since boot (field 22 of `/proc/<pid>/stat`, proc(5)) with the boot's id,
 * elsewhere what `ps` says. `undefined` when there is no such process, or it has ended and only waits for its parent.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { code, stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
      timeoutMs: 5000,
      env: { LC_ALL: 'C' },
    })
    return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined
  }
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The second field is the program's name in brackets, which may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${fields[19] ?? ''}@${boot.trim()}`
}

/** The identity of a running process; a process that is gone already gets one that matches nothing. */
export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, started: (await startOf(pid)) ?? 'ended' }
}

/** Whether that very process still runs: the same pid, started at the same moment. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.started
}
