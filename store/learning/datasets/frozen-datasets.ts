import { sql } from 'kysely'
import type { PredictionRef } from '../../../domain/prediction.ts'
import { type DatasetVersion, saveDataset } from '../../versions/datasets.ts'
import type { Db } from '../../db.ts'
import type { RetrainRef } from '../retrains/retrains.ts'
import type { KeptFiles } from '../tables.ts'

/** A correction as a dataset holds it. */
export interface DatasetCorrection extends PredictionRef {
  readonly label: string
  readonly part: 'train' | 'correction-holdout'
}

/** What one slot learns from. */
export interface FrozenSlot {
  readonly slot: string
  readonly parent: number
  readonly datasetFiles: KeptFiles
}

/** A dataset version with the corrections in it, and the retrain that it is for. */
export interface FrozenDataset {
  readonly retrain: RetrainRef
  readonly dataset: DatasetVersion
  readonly corrections: readonly DatasetCorrection[]
  readonly slots: readonly FrozenSlot[]
}

/** How many corrections are new in a dataset, and how many people stand behind them. */
export interface Additions {
  readonly corrections: number
  readonly people: number
}

/**
 * Records a frozen dataset, its corrections and the slots that learn from it, in one transaction. What was recorded first
 * stands: an attempt that comes late changes nothing.
 */
export async function recordFrozen(db: Db, frozen: FrozenDataset): Promise<void> {
  const { retrain, dataset, corrections, slots } = frozen
  const { bot, number } = retrain
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('retrains')
      .select('dataset_root')
      .where('bot', '=', bot)
      .where('number', '=', number)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (row.dataset_root !== null) return
    await saveDataset(trx, dataset)
    const rows = corrections.map(({ messageId: message_id, position, label, part }) => ({
      ...{ root: dataset.root, message_id, position, label, part },
    }))
    if (rows.length > 0)
      await trx
        .insertInto('dataset_corrections')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    for (const { slot, parent, datasetFiles } of slots)
      await trx
        .insertInto('retrain_slots')
        .values({ bot, number, slot, parent, dataset_files: JSON.stringify(datasetFiles) })
        .execute()
    await trx
      .updateTable('retrains')
      .set({ dataset_root: dataset.root })
      .where('bot', '=', bot)
      .where('number', '=', number)
      .execute()
  })
}

/** The corrections that a dataset holds and its parent does not, or with another label. */
export async function additionsTo(db: Db, root: string): Promise<Additions> {
  const { rows } = await sql<Additions>`
    with added as (
      select message_id, position, label from dataset_corrections here
      where here.root = ${root} and not exists (
        select 1 from datasets join dataset_corrections before on before.root = datasets.parent
        where datasets.root = ${root} and before.message_id = here.message_id and before.position = here.position
          and before.label = here.label))
    select (select count(*)::int from added) as corrections,
           (select count(distinct person_id)::int from votes join added using (message_id, position, label)
            where verdict = 'counted') as people`.execute(db)
  return rows[0] ?? { corrections: 0, people: 0 }
}

/** What was frozen for a retrain, or `undefined`. */
export async function frozenOf(
  db: Db,
  { bot, number }: RetrainRef,
): Promise<
  | { readonly root: string; readonly size: number; readonly added: number; readonly slots: readonly string[] }
  | undefined
> {
  const row = await db
    .selectFrom('retrains')
    .innerJoin('datasets', 'datasets.root', 'retrains.dataset_root')
    .select(['datasets.root', 'datasets.size'])
    .where('retrains.bot', '=', bot)
    .where('retrains.number', '=', number)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const slots = await db
    .selectFrom('retrain_slots')
    .select('slot')
    .where('bot', '=', bot)
    .where('number', '=', number)
    .orderBy('slot')
    .execute()
  const { corrections: added } = await additionsTo(db, row.root)
  return { root: row.root, size: row.size, added, slots: slots.map(({ slot }) => slot) }
}

/** Which versions learned from each dataset of a bot, by its root. */
export async function versionsByDataset(db: Db, bot: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<{ root: string; versions: readonly number[] }>`
    select dataset_root as root, array_agg(version order by version) as versions
    from versions where bot = ${bot} group by dataset_root`.execute(db)
  return new Map(rows.map(({ root, versions }) => [root, versions]))
}

/** The bot that a dataset belongs to, or `undefined`. */
export async function botOfDataset(db: Db, root: string): Promise<string | undefined> {
  const { rows } = await sql<{ bot: string }>`select bot from datasets where root = ${root}`.execute(db)
  return rows[0]?.bot
}
