import { sql } from 'kysely'
import type { RetrainReason } from '../../domain/learning/status.ts'
import type { Db, Trx } from '../db.ts'

/** An immutable build of a bot's model. */
export interface ModelVersion {
  readonly bot: string
  readonly version: number
  readonly slot: string
  readonly family: string
  readonly parent: number | undefined
  readonly datasetRoot: string
  readonly weightsSha256: string
  /** File name to the SHA-256 of its blob. */
  readonly files: Readonly<Record<string, string>>
  readonly labels: readonly string[]
  readonly preprocessingVersion: string
  /** Where it comes from; a starter version and one from elsewhere have none. */
  readonly lineage?: Lineage | undefined
}

/** Where a trained version comes from: enough to make it again, or to say what differs. */
export interface Lineage {
  readonly retrain: number
  readonly reason: RetrainReason
  /** Our own id of whoever asked for the retrain; `null`: nobody did. */
  readonly author: string | null
  readonly seed: number
  readonly trainerVersion: string
  readonly machine: string
  readonly libraries: Readonly<Record<string, string>>
  readonly parent: number | null
  readonly newCorrections: number
  /** A digest of the code that made it. */
  readonly codeFingerprint: string
}

/** Registers a version for good; a second registration of the same number fails. */
export async function registerVersion(trx: Trx, version: ModelVersion): Promise<void> {
  await trx
    .insertInto('versions')
    .values({
      bot: version.bot,
      version: version.version,
      slot: version.slot,
      family: version.family,
      parent: version.parent ?? null,
      dataset_root: version.datasetRoot,
      weights_sha256: version.weightsSha256,
      files: JSON.stringify(version.files),
      labels: JSON.stringify(version.labels),
      preprocessing_version: version.preprocessingVersion,
      ...(version.lineage && { lineage: JSON.stringify(version.lineage) }),
    })
    .execute()
}

/** All versions of a bot, oldest first. */
export async function versionsOf(db: Db, bot: string): Promise<readonly ModelVersion[]> {
  const rows = await db.selectFrom('versions').selectAll().where('bot', '=', bot).orderBy('version').execute()
  return rows.map((row) => ({
    bot: row.bot,
    version: row.version,
    slot: row.slot,
    family: row.family,
    parent: row.parent ?? undefined,
    datasetRoot: row.dataset_root,
    weightsSha256: row.weights_sha256,
    files: row.files,
    labels: row.labels,
    preprocessingVersion: row.preprocessing_version,
    // Only `registerVersion` writes it, and an empty one means none.
    lineage: 'retrain' in row.lineage ? (row.lineage as unknown as Lineage) : undefined,
  }))
}

/** What inputs of a version went through; `undefined` when there is no such version. */
export async function preprocessingOf(db: Db, bot: string, version: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('versions')
    .select('preprocessing_version')
    .where('bot', '=', bot)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.preprocessing_version
}

/** Whether the confidences of all these versions of a bot may be compared. */
export async function areCalibrated(
  db: Db,
  bot: string,
  members: readonly { readonly version: number }[],
): Promise<boolean> {
  if (members.length === 0) return true
  const numbers = members.map(({ version }) => version)
  const { rows } = await sql<{ uncalibrated: boolean }>`
    select exists (
      select 1 from versions where bot = ${bot} and version = any(${numbers}) and not calibrated
    ) as uncalibrated`.execute(db)
  return rows[0]?.uncalibrated === false
}
