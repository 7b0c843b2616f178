import { closeSync, existsSync, fdatasync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const sync = promisify(fdatasync)

/** A file of JSON lines that only grows. */
export interface Journal {
  /** Resolves when the line is on disk. Lines that come while one batch is being written share the next write and sync. */
  readonly append: (line: unknown) => Promise<void>
  readonly close: () => Promise<void>
}

/** The complete lines of a journal. A last line that was torn by a crash was never confirmed to anybody and is cut off. */
export function readJournal(path: string): readonly unknown[] {
  if (!existsSync(path)) return []
  const content = readFileSync(path)
  const end = content.lastIndexOf(0x0a) + 1
  if (end < content.length) truncateSync(path, end)
  const lines = content.toString('utf8', 0, end).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)
}

/** A new file's name is on disk only when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Opens a journal for appending.
 * @param options.durable whether a line is forced to the disk before `append` resolves; without it a line survives the end of
 * the process but not of the machine.
 */
export async function openJournal(path: string, options: { readonly durable: boolean }): Promise<Journal> {
  mkdirSync(dirname(path), { recursive: true })
  const file = await open(path, 'a', 0o600)
  syncFolder(dirname(path))
  let waiting: string[] = []
  let batch: Promise<void> | undefined
  let last = Promise.resolve()

  const flush = async (before: Promise<void>) => {
    await before
    const text = waiting.join('')
    waiting = []
    batch = undefined
    await file.appendFile(text)
    if (options.durable) await sync(file.fd)
  }
  const append = (line: unknown) => {
    waiting.push(`${JSON.stringify(line)}\n`)
    if (batch === undefined) {
      batch = flush(last.catch(() => undefined))
      last = batch
    }
    return batch
  }
  const close = async () => {
    await last.catch(() => undefined)
    await file.close()
  }
  return { append, close }
}
