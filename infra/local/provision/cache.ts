import { copyFile, link, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** A folder in the cache of the data folder; the cache outlives `--fresh` and every `npm ci`. Absolute, and it exists. */
export async function cacheFolder(home: string, ...parts: readonly string[]): Promise<string> {
  const folder = resolve(home, 'cache', ...parts)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Calls `use` with a scratch folder inside the cache (so that results can be renamed into place) and removes it afterwards. */
export async function withScratch<T>(home: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(await cacheFolder(home), 'scratch-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Moves a finished file into place in one step: nobody ever sees half of it. */
export async function putInPlace(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
}

/** The same file at a second place: a hard link where both are on one disk, else a copy. Replaces what was there, in one step. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const temporary = `${to}.${process.pid}`
  await rm(temporary, { force: true })
  await link(from, temporary).catch(() => copyFile(from, temporary))
  await rename(temporary, to)
  // A rename between two links of one file leaves both names; the temporary one must not stay.
  await rm(temporary, { force: true })
}
