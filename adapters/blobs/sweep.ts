import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { isDigest, pathIn, rootOf, unavailable, unlessGone } from './folder.ts'

/** A store is swept in so many parts: the folders of the first two digits. */
export const sweepParts = 256

/** So many are asked about at once. */
const mostAtOnce = 2_000

interface BlobSweep {
  /** From 0 to `sweepParts` - 1. */
  readonly part: number
  /** Younger blobs may be waiting for the row that refers to them. */
  readonly olderThanMs: number
  /** Those of these blobs that something refers to. */
  readonly referredTo: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>
}

/** A trash that was not touched for so long belongs to a process that is gone. */
const leftoverMs = 3_600_000

/** A store, and the trash of one sweep: each has its own, so that none removes what another has moved there. */
interface Place {
  readonly root: string
  readonly trash: string
}

const isOld = async (path: string, olderThanMs: number): Promise<boolean> => {
  const found = await unlessGone(stat(path))
  return found !== undefined && found.mtimeMs < Date.now() - olderThanMs
}

/** Back from the trash, and young. What was put again meanwhile is replaced by the same bytes. */
async function restore({ root, trash }: Place, sha256: string): Promise<void> {
  const now = new Date()
  await unlessGone(utimes(join(trash, sha256), now, now))
  await unlessGone(rename(join(trash, sha256), pathIn(root, sha256)))
}

async function oldBlobs({ root }: Place, { part, olderThanMs }: BlobSweep): Promise<readonly string[]> {
  const folder = join(root, part.toString(16).padStart(2, '0'))
  const old: string[] = []
  for (const name of (await unlessGone(readdir(folder))) ?? [])
    if (isDigest(name) && (await isOld(join(folder, name), olderThanMs))) old.push(name)
  return old
}

/** Moves blobs into the trash, and removes those that are still old there and that nothing refers to now. */
async function remove(place: Place, unwanted: readonly string[], sweep: BlobSweep): Promise<number> {
  const { root, trash } = place
  await mkdir(trash, { recursive: true, mode: 0o700 })
  for (const sha256 of unwanted) await unlessGone(rename(pathIn(root, sha256), join(trash, sha256)))
  let removed = 0
  const kept = new Set(unwanted)
  try {
    const named = await sweep.referredTo(unwanted)
    for (const sha256 of unwanted) {
      if (named.has(sha256) || !(await isOld(join(trash, sha256), sweep.olderThanMs))) continue
      kept.delete(sha256)
      await rm(join(trash, sha256), { force: true })
      removed += 1
    }
  } finally {
    for (const sha256 of kept) await restore(place, sha256)
    await rmdir(trash)
  }
  return removed
}

/** Brings back what a killed sweep has left in its trash: it may have been asked for since. */
async function restoreLeftovers(root: string, all: string): Promise<void> {
  for (const sweep of (await unlessGone(readdir(all))) ?? []) {
    const trash = join(all, sweep)
    if (!(await isOld(trash, leftoverMs))) continue
    for (const name of (await unlessGone(readdir(trash))) ?? [])
      if (isDigest(name)) await restore({ root, trash }, name)
    await unlessGone(rmdir(trash))
  }
}

async function sweepFolder(place: Place, sweep: BlobSweep): Promise<number> {
  const old = await oldBlobs(place, sweep)
  let removed = 0
  for (let from = 0; from < old.length; from += mostAtOnce) {
    const some = old.slice(from, from + mostAtOnce)
    const named = await sweep.referredTo(some)
    const unwanted = some.filter((sha256) => !named.has(sha256))
    if (unwanted.length > 0) removed += await remove(place, unwanted, sweep)
  }
  return removed
}

/**
 * Removes the old blobs of one part of a store that nothing refers to. Whoever puts the same bytes meanwhile keeps them: a put
 * makes a blob young before it looks whether it is there, and a blob is removed only after it was moved away and was still old
 * then. Several processes may sweep at once.
 * @returns how many are gone.
 * @throws ServiceUnavailable when the store cannot be read or changed now, and what `referredTo` throws; then nothing is removed
 * that was not asked about twice.
 */
export async function sweepBlobs(url: string, sweep: BlobSweep): Promise<number> {
  const root = rootOf(url)
  const all = join(root, 'trash')
  try {
    await restoreLeftovers(root, all)
    return await sweepFolder({ root, trash: join(all, randomUUID()) }, sweep)
  } catch (error) {
    throw unavailable(error)
  }
}
