import type { ModelFamily } from '../domain/bot.ts'
import type { Trx } from './db.ts'

/** An immutable dataset version, named by its Merkle root. */
export interface DatasetVersion {
  readonly root: string
  readonly bot: string
  readonly family: ModelFamily
  /** Blobs: the list of examples as JSON, and their embeddings in the same order as float32. */
  readonly examplesSha256: string
  readonly embeddingsSha256: string
  readonly size: number
  readonly labelCounts: Readonly<Record<string, number>>
}

/** Records a dataset version; the same root again changes nothing. */
export async function saveDataset(trx: Trx, dataset: DatasetVersion): Promise<void> {
  await trx
    .insertInto('datasets')
    .values({
      root: dataset.root,
      bot: dataset.bot,
      family: dataset.family,
      examples_sha256: dataset.examplesSha256,
      embeddings_sha256: dataset.embeddingsSha256,
      size: dataset.size,
      label_counts: JSON.stringify(dataset.labelCounts),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
