import type { Db, Trx } from '../db.ts'

/** An immutable dataset version, named by its Merkle root. */
export interface DatasetVersion {
  readonly root: string
  readonly bot: string
  readonly family: string
  /** Blobs by the names of its files; `examples.json` lists what is in it. */
  readonly files: Readonly<Record<string, string>>
  readonly size: number
  readonly labelCounts: Readonly<Record<string, number>>
  /** The dataset that it extends; absent for a bot's first one. */
  readonly parent?: string | undefined
}

/** Records a dataset version; the same root again changes nothing. */
export async function saveDataset(trx: Trx, dataset: DatasetVersion): Promise<void> {
  await trx
    .insertInto('datasets')
    .values({
      root: dataset.root,
      bot: dataset.bot,
      family: dataset.family,
      files: JSON.stringify(dataset.files),
      size: dataset.size,
      label_counts: JSON.stringify(dataset.labelCounts),
      parent: dataset.parent === dataset.root ? null : (dataset.parent ?? null),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** A dataset version as lists show it. */
export interface ListedDataset extends DatasetVersion {
  readonly createdAt: Date
  /** Corrections in it, by the side of the split. */
  readonly corrections: { readonly train: number; readonly heldOut: number }
}

/** All dataset versions of a bot, newest first. */
export async function datasetsOf(db: Db, bot: string): Promise<readonly ListedDataset[]> {
  const rows = await db
    .selectFrom('datasets')
    .selectAll('datasets')
    .select((query) => [
      query
        .selectFrom('dataset_corrections')
        .select(query.fn.countAll<number>().as('count'))
        .whereRef('dataset_corrections.root', '=', 'datasets.root')
        .where('part', '=', 'train')
        .as('trained'),
      query
        .selectFrom('dataset_corrections')
        .select(query.fn.countAll<number>().as('count'))
        .whereRef('dataset_corrections.root', '=', 'datasets.root')
        .where('part', '=', 'correction-holdout')
        .as('held_out'),
    ])
    .where('bot', '=', bot)
    .orderBy('created_at', 'desc')
    .orderBy('root')
    .execute()
  return rows.map((row) => ({
    root: row.root,
    bot: row.bot,
    family: row.family,
    files: row.files,
    size: row.size,
    labelCounts: row.label_counts,
    parent: row.parent ?? undefined,
    createdAt: row.created_at,
    corrections: { train: row.trained ?? 0, heldOut: row.held_out ?? 0 },
  }))
}
