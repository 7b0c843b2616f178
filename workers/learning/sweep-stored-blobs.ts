import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { sweepBlobs, sweepParts } from '../../adapters/blobs/sweep.ts'
import { blobsReferredTo, knowsVersions } from '../../store/blob-references.ts'
import type { Db } from '../../store/db.ts'
import { sweepEvery } from '../sweep.ts'

const dayMs = 24 * 60 * 60 * 1000

interface Stored {
  readonly db: Db
  readonly blobsUrl: string
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/**
 * Removes the blobs of one part of the store that are older than a day and that nothing refers to. A database without versions
 * is not the one that this store belongs to: then nothing is removed.
 */
export async function sweepPart({ db, blobsUrl, log }: Stored, part: number): Promise<number> {
  if (!(await knowsVersions(db))) return 0
  const referredTo = (sha256s: readonly string[]) => blobsReferredTo(db, sha256s)
  const removed = await sweepBlobs(blobsUrl, { part, olderThanMs: dayMs, referredTo })
  if (removed > 0) log.info({ removed }, 'blobs that nothing referred to were removed')
  return removed
}

/** Sweeps the whole store once a day, a small part at a time, from a random one on. @returns a function that stops it. */
export function sweepStoredBlobs(stored: Stored): () => void {
  let next = randomInt(sweepParts)
  return sweepEvery(dayMs / sweepParts, {
    log: stored.log,
    failed: 'blobs could not be swept; this part is swept tomorrow',
    sweep: async () => {
      const part = next
      next = (next + 1) % sweepParts
      await sweepPart(stored, part)
    },
  })
}
