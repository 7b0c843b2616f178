import { sha256Of } from '../../files.ts'
import type { PictureBackbone } from './backbone.ts'
import { type BatchLimits, createBatcher } from '../../runtime/batcher.ts'

/** Rows of the latest pictures stay this many long: a second version, or a late one, need not look at them again. */
const keptRows = 256

export interface SharedBackbone extends PictureBackbone {
  /** Lets the batch that is running end. */
  close(): Promise<void>
}

/**
 * One forward pass for all versions that read the same backbone: what they ask for goes in common batches, and a picture that
 * two versions ask for, told by its digest, is looked at once.
 */
export function shareForwardPass(backbone: PictureBackbone, limits: BatchLimits): SharedBackbone {
  // The versions have waited for company already; whoever comes while a batch runs makes up the next one.
  const batcher = createBatcher((pictures: readonly Uint8Array[]) => backbone.embed(pictures), {
    ...limits,
    maxDelayMs: 0,
  })
  const rows = new Map<string, Promise<Float32Array>>()
  const rowOf = (picture: Uint8Array): Promise<Float32Array> => {
    const digest = sha256Of(picture)
    const row = rows.get(digest) ?? batcher.ask(picture)
    rows.delete(digest)
    rows.set(digest, row)
    row.catch(() => rows.delete(digest))
    for (const oldest of rows.keys())
      if (rows.size > keptRows) rows.delete(oldest)
      else break
    return row
  }
  return { ...backbone, embed: (pictures) => Promise.all(pictures.map(rowOf)), close: () => batcher.close() }
}
