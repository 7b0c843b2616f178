import { sql } from 'kysely'
import { appendAudit } from '../../audit.ts'
import type { Db, Trx } from '../../db.ts'
import { type ModelVersion, registerVersion } from '../../versions/versions.ts'
import type { RetrainRef } from './retrains.ts'

/** A trained slot that becomes a version. Its number is given when it is registered. */
export type TrainedVersion = Omit<ModelVersion, 'version'>

const actor = 'system:learning'

async function registerOne(trx: Trx, retrain: RetrainRef, version: ModelVersion): Promise<void> {
  await registerVersion(trx, version)
  await trx
    .updateTable('retrain_slots')
    .set({ version: version.version })
    .where('bot', '=', retrain.bot)
    .where('number', '=', retrain.number)
    .where('slot', '=', version.slot)
    .execute()
  const { slot, parent, datasetRoot, weightsSha256 } = version
  const details = { version: version.version, slot, parent, datasetRoot, weightsSha256, retrain: retrain.number }
  await appendAudit(trx, { actor, action: 'version.registered', subject: version.bot, details })
}

async function registered(trx: Trx, { bot, number }: RetrainRef): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('retrain_slots')
    .select('version')
    .where('bot', '=', bot)
    .where('number', '=', number)
    .where('version', 'is not', null)
    .orderBy('version')
    .execute()
  return rows.flatMap(({ version }) => (version === null ? [] : [version]))
}

/**
 * Registers what a retrain trained, with the next numbers of the bot, lineage and audit, in one transaction. Repeating it gives
 * the numbers of the first time.
 */
export async function registerTrained(
  db: Db,
  retrain: RetrainRef,
  versions: readonly TrainedVersion[],
): Promise<readonly number[]> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`versions:${retrain.bot}`}, 0))`.execute(trx)
    const before = await registered(trx, retrain)
    if (before.length > 0) return before
    const { rows } = await sql<{ latest: number }>`
      select coalesce(max(version), 0) as latest from versions where bot = ${retrain.bot}`.execute(trx)
    const latest = rows[0]?.latest ?? 0
    for (const [index, version] of versions.entries())
      await registerOne(trx, retrain, { ...version, version: latest + 1 + index })
    return versions.map((_, index) => latest + 1 + index)
  })
}
