import type { Blobs } from '../adapters/blobs/files.ts'
import { UnderstudyError } from '../domain/errors.ts'

/** A message that was deleted may have lost its bytes, and a disk may have damaged them. */
const lost = ['BlobMissing', 'BlobDamaged']

/**
 * The bytes that a record names; `undefined` when they are gone or damaged, so that one loss does not stop everything else. A
 * store that is out throws: an outage is waited for, and never read as nothing.
 */
export async function bytesIfThere(blobs: Pick<Blobs, 'get'>, sha256: string): Promise<Uint8Array | undefined> {
  try {
    return await blobs.get(sha256)
  } catch (error) {
    if (error instanceof UnderstudyError && lost.includes(error.code)) return undefined
    throw error
  }
}
