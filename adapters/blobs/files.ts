import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BlobDamaged, BlobMissing } from './blob-errors.ts'
import { codeOf, pathIn, rootOf, unavailable, unlessGone } from './folder.ts'

/** Bytes kept by their SHA-256. What is put once never changes. */
export interface Blobs {
  /**
   * Keeps the bytes; when it returns they survive a loss of power. Putting the same bytes again
   * makes them young.
   * @returns their SHA-256 as 64 hexadecimal digits.
   * @throws ServiceUnavailable when they cannot be written (disk full, folder not writable).
   */
  put(bytes: Uint8Array): Promise<string>
  /**
   * The bytes, checked against their digest.
   * @throws BlobMissing, BlobDamaged, or ServiceUnavailable when they cannot be read now.
   * @throws TypeError when `sha256` is not 64 lower-case hexadecimal digits.
   */
  get(sha256: string): Promise<Uint8Array>
  /** Whether the bytes are there; their digest is not checked. */
  has(sha256: string): Promise<boolean>
}

/** Half-written files older than this belong to a process that is gone. */
const leftoverMs = 3_600_000

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Whether the file is there with so many bytes. Its time is set to now first: the sweep takes nothing that is young, and what it
 * has taken already is not there to be touched.
 */
async function touched(path: string, size: number): Promise<boolean> {
  const now = new Date()
  await unlessGone(utimes(path, now, now))
  return (await unlessGone(stat(path)))?.size === size
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes under a temporary name and renames, so that a blob is there whole or not at all. */
async function writeWhole(path: string, temporary: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeSynced(temporary, bytes)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes the store's folder and removes what killed processes left half-written in it. */
async function prepareRoot(root: string, temporaries: string): Promise<void> {
  const made = await mkdir(temporaries, { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(dirname(root))
  for (const name of await readdir(temporaries)) {
    const path = join(temporaries, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < Date.now() - leftoverMs) await rm(path, { force: true })
  }
}

async function read(path: string, sha256: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new BlobMissing(sha256)
    throw unavailable(error)
  }
}

/**
 * Blobs as files of one folder, in subfolders of the first two digits of their SHA-256. Several processes may share it.
 * @param url a `file:` URL of the folder, which is made when it is not there.
 * @throws TypeError for any other URL.
 */
export function openBlobs(url: string): Blobs {
  const root = rootOf(url)
  const temporaries = join(root, 'tmp')
  let prepared: Promise<void> | undefined
  const pathOf = (sha256: string) => pathIn(root, sha256)
  const write = async (sha256: string, bytes: Uint8Array) => {
    const path = pathOf(sha256)
    await (prepared ??= prepareRoot(root, temporaries))
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // Another process may have made the folder, or the file, and not yet synced its name: both are synced whoever made them.
    await syncFolder(root)
    // Another length under the same digest can only be damage, which this mends.
    if (!(await touched(path, bytes.byteLength))) await writeWhole(path, join(temporaries, randomUUID()), bytes)
    await syncFolder(dirname(path))
  }
  return {
    put: async (bytes) => {
      const sha256 = digestOf(bytes)
      await write(sha256, bytes).catch((error: unknown) => {
        prepared = undefined
        throw unavailable(error)
      })
      return sha256
    },
    get: async (sha256) => {
      const bytes = await read(pathOf(sha256), sha256)
      if (digestOf(bytes) !== sha256) throw new BlobDamaged(sha256)
      return bytes
    },
    has: async (sha256) => {
      try {
        return (await unlessGone(stat(pathOf(sha256)))) !== undefined
      } catch (error) {
        throw unavailable(error)
      }
    },
  }
}
