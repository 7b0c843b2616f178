import type { GateResult } from '../../../domain/rollout/verdict.ts'
import type { Db } from '../../db.ts'
import type { RetrainRef } from './retrains.ts'
import type { KeptFiles } from '../tables.ts'
import type { Figures } from '../../../domain/model/evaluation.ts'
import type { Compared, Holdout } from '../../../domain/rollout/evidence.ts'
import { sql } from 'kysely'

export interface SlotRef extends RetrainRef {
  readonly slot: string
}

/** One slot of a retrain as its row tells. */
export interface RetrainSlot extends SlotRef {
  readonly parent: number | undefined
  readonly datasetFiles: KeptFiles
  /** Set when it is trained. */
  readonly versionFiles: KeptFiles | undefined
  readonly gates: readonly GateResult[] | undefined
  /** Figures of challenger, champion and baseline on the same rows. */
  readonly judged: unknown
  /** Set when it is registered. */
  readonly version: number | undefined
  /** How far the training is, for the page. */
  readonly progress: unknown
}

const columns = [
  ...(['bot', 'number', 'slot', 'parent', 'dataset_files', 'version_files'] as const),
  ...(['gates', 'judged', 'version', 'progress'] as const),
] as const

/** The slots of a retrain, in the order of their names; none before its dataset is frozen. */
export async function retrainSlots(db: Db, { bot, number }: RetrainRef): Promise<readonly RetrainSlot[]> {
  const rows = await db
    .selectFrom('retrain_slots')
    .select(columns)
    .where('bot', '=', bot)
    .where('number', '=', number)
    .orderBy('slot')
    .execute()
  return rows.map((row) => ({
    bot: row.bot,
    number: row.number,
    slot: row.slot,
    parent: row.parent ?? undefined,
    datasetFiles: row.dataset_files,
    versionFiles: row.version_files ?? undefined,
    gates: row.gates ?? undefined,
    judged: row.judged ?? undefined,
    version: row.version ?? undefined,
    progress: row.progress ?? undefined,
  }))
}

/** @throws Error when the dataset of this slot was never frozen: a workflow asks for it afterwards only. */
export async function retrainSlot(db: Db, slot: SlotRef): Promise<RetrainSlot> {
  const found = (await retrainSlots(db, slot)).find((each) => each.slot === slot.slot)
  if (found === undefined) throw new Error(`there is no dataset for the slot ${slot.slot}`)
  return found
}

const update = (db: Db, { bot, number, slot }: SlotRef) =>
  db.updateTable('retrain_slots').where('bot', '=', bot).where('number', '=', number).where('slot', '=', slot)

/** Keeps how far a training is. */
export async function recordProgress(db: Db, slot: SlotRef, progress: object): Promise<void> {
  await update(db, slot)
    .set({ progress: JSON.stringify(progress) })
    .execute()
}

/** Keeps what was trained; an attempt that was given up and comes late changes nothing. */
export async function recordTrained(db: Db, slot: SlotRef, files: KeptFiles): Promise<void> {
  await update(db, slot)
    .set({ version_files: JSON.stringify(files) })
    .where('version_files', 'is', null)
    .execute()
}

/** Keeps what the gates said, with the figures that they saw. */
export async function recordJudged(
  db: Db,
  slot: SlotRef,
  result: { readonly gates: readonly GateResult[]; readonly judged: object },
): Promise<void> {
  await update(db, slot)
    .set({ gates: JSON.stringify(result.gates), judged: JSON.stringify(result.judged) })
    .execute()
}

/** What a retrain's gates saw, as `retrain_slots.judged` keeps it: all versions on the same rows. */
export interface SlotJudgement {
  /** In the order of the figures' indices. */
  readonly labels: readonly string[]
  readonly champion: number
  readonly baseline: number
  /** On the frozen base holdout, as the evidence shows it, and what the baseline does there. */
  readonly holdout?: (Holdout & { readonly baseline: Figures }) | undefined
  /** Right ones of so many held-out corrections. */
  readonly correctionHoldout: {
    readonly count: number
    readonly champion: number
    readonly challenger: number
    readonly baseline: number
  }
  readonly golden: { readonly right: number; readonly total: number }
  /** In milliseconds, measured in one run. */
  readonly latency?: { readonly p95Ms: number; readonly championP95Ms: number; readonly budgetMs: number } | undefined
  /** Labels that the champion cannot say. */
  readonly newLabels: readonly string[]
  /** Held-out rows that only one of the two gets right: at most five each, and how many there are. */
  readonly fixed: readonly Compared[]
  readonly broke: readonly Compared[]
  readonly fixedCount: number
  readonly brokeCount: number
}

/** What the gates of a version's retrain saw; `undefined` for a version that no retrain made. */
export async function judgedVersion(db: Db, bot: string, version: number): Promise<SlotJudgement | undefined> {
  const { rows } = await sql<{ judged: SlotJudgement | null }>`
    select judged from retrain_slots where bot = ${bot} and version = ${version}`.execute(db)
  return rows[0]?.judged ?? undefined
}
