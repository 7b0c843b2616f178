import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionFiles } from '../files.ts'
import { syncFolder, writeSynced } from '../synced-files.ts'

/** Thrown when a newer attempt has begun: what this one made is not wanted any more. */
export class StaleAttempt extends Error {
  readonly code = 'StaleAttempt'
  constructor(attempt: number) {
    super(`a newer attempt than ${attempt} has begun`)
  }
}

/** Where an attempt publishes: a folder of its own, so that a stale one can never replace a newer one's files. */
export const attemptFolder = (outputFolder: string, attempt: number): string => join(outputFolder, `attempt-${attempt}`)

const partialFolder = (outputFolder: string, attempt: number): string =>
  `${attemptFolder(outputFolder, attempt)}.partial`

async function attemptsIn(outputFolder: string): Promise<readonly number[]> {
  const names = await readdir(outputFolder).catch(() => [])
  return names.flatMap((name) => {
    const number = /^attempt-(\d+)(\.partial)?$/.exec(name)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

/** @throws StaleAttempt */
async function checkNewest(outputFolder: string, attempt: number): Promise<void> {
  const attempts = await attemptsIn(outputFolder)
  if (attempts.some((other) => other > attempt)) throw new StaleAttempt(attempt)
}

/** Removes what an attempt has left, and the folder of all when it is empty then. */
export async function forgetAttempt(outputFolder: string, attempt: number): Promise<void> {
  await rm(partialFolder(outputFolder, attempt), { recursive: true, force: true })
  await rmdir(outputFolder).catch(() => undefined)
}

/**
 * Begins an attempt: what it and earlier ones left is removed.
 * @throws StaleAttempt when a newer one has begun.
 */
export async function beginAttempt(outputFolder: string, attempt: number): Promise<void> {
  await checkNewest(outputFolder, attempt)
  for (const other of new Set(await attemptsIn(outputFolder)))
    for (const folder of [attemptFolder(outputFolder, other), partialFolder(outputFolder, other)])
      if (other <= attempt) await rm(folder, { recursive: true, force: true })
  await mkdir(partialFolder(outputFolder, attempt), { recursive: true })
}

/**
 * Publishes a version's files whole, by a rename.
 * @throws StaleAttempt when a newer attempt has begun.
 */
export async function publishAttempt(outputFolder: string, attempt: number, files: VersionFiles): Promise<void> {
  const partial = partialFolder(outputFolder, attempt)
  await checkNewest(outputFolder, attempt)
  for (const [name, bytes] of Object.entries(files)) await writeSynced(join(partial, name), bytes)
  await checkNewest(outputFolder, attempt)
  await rename(partial, attemptFolder(outputFolder, attempt))
  await syncFolder(outputFolder)
}
