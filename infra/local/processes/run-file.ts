import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { z } from 'zod'
import { identify, isAlive } from './identity.ts'

const processNote = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  started: z.string(),
  log: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGKILL']),
})
const runFile = z.looseObject({
  supervisor: z.object({ pid: z.number().int().positive(), started: z.string() }).nullable(),
  urls: z.record(z.string(), z.string()).default({}),
  processes: z.array(processNote).default([]),
})

/** What is known of a process that we started: enough to stop it from another process, and never a stranger. */
export type ProcessNote = Readonly<z.infer<typeof processNote>>
/** What `run.json` holds; there may be more in it (secrets, paths), which is passed through as it is. */
export type RunFile = Readonly<z.infer<typeof runFile>>

const pathOf = (home: string) => join(home, 'run.json')

/** Reads `run.json`; `undefined` when there is none, or none that can be read. */
export async function readRunFile(home: string): Promise<RunFile | undefined> {
  const text = await readFile(pathOf(home), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return runFile.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Replaces a file that holds secrets in one step, readable by its owner alone. */
export async function writePrivately(path: string, content: unknown): Promise<void> {
  const temporary = `${path}.${process.pid}`
  await rm(temporary, { force: true })
  await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(temporary, path)
}

/** Replaces `run.json`. */
export const writeRunFile = (home: string, content: RunFile): Promise<void> => writePrivately(pathOf(home), content)

/** What `claim` found: the data folder is ours now, or belongs to an instance that runs. */
export type Claim =
  { readonly won: true; readonly release: () => Promise<void> } | { readonly won: false; readonly pid: number }

/** The holder touches the lock every second; the library takes one over that was not touched for two. */
const staleMs = 2000

/** Somebody removed the lock, so that another instance may have the folder: this one ends as it does at Ctrl-C. */
function stopBecause(error: Error): void {
  process.emitWarning(`the lock of the data folder was lost (${error.message}); this instance stops`)
  process.kill(process.pid, 'SIGTERM')
}

/** Takes the lock and notes who has it; `undefined` when it is held. */
async function takeLock(holderFile: string): Promise<(() => Promise<void>) | undefined> {
  let lost = false
  const onCompromised = (error: Error) => {
    lost = true
    stopBecause(error)
  }
  const options = { stale: staleMs, update: staleMs / 2, realpath: false, onCompromised }
  const unlock = await lock(holderFile, options).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined
    throw error
  })
  if (unlock === undefined) return undefined
  await writePrivately(holderFile, await identify(process.pid))
  return async () => {
    // Both may be somebody else's by now.
    if (lost) return
    await rm(holderFile, { force: true })
    await unlock()
  }
}

/**
 * Takes the data folder for this process by a lock, and notes beside it who has it. The lock of a process that was killed is
 * taken over once it is stale, after two seconds; that of a process that lives never, even if it was suspended. Two processes
 * that try at the same time: one wins.
 */
export async function claim(home: string): Promise<Claim> {
  const holderFile = join(home, 'run.lock')
  await mkdir(home, { recursive: true })
  for (;;) {
    const holder = await holderOf(holderFile)
    if (holder !== undefined && (await isAlive(holder))) return { won: false, pid: holder.pid }
    const release = await takeLock(holderFile)
    if (release !== undefined) return { won: true, release }
    await sleep(100)
  }
}

async function holderOf(holderFile: string) {
  try {
    return z.object({ pid: z.number(), started: z.string() }).parse(JSON.parse(await readFile(holderFile, 'utf8')))
  } catch {
    return undefined
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // It has just ended.
  }
}

/**
 * Stops what an earlier instance left running: only processes whose pid and start time both match its notes, in reverse order.
 * @returns the names of those that were found.
 */
export async function stopOrphans(notes: readonly ProcessNote[], drainMs: number): Promise<readonly string[]> {
  const stopped: string[] = []
  for (const note of notes.toReversed()) {
    if (!(await isAlive(note))) continue
    stopped.push(note.name)
    signal(note.pid, note.stopSignal)
    for (const start = Date.now(); Date.now() - start < drainMs && (await isAlive(note));) await sleep(50)
    if (await isAlive(note)) signal(note.pid, 'SIGKILL')
    while (await isAlive(note)) await sleep(20)
  }
  return stopped
}
