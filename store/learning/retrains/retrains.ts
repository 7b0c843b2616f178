import { sql } from 'kysely'
import type { RetrainReason, RetrainState } from '../../../domain/learning/status.ts'
import type { Db } from '../../db.ts'
import { failedRetrainPostPrefix } from '../../../domain/keys.ts'

export interface RetrainRef {
  readonly bot: string
  readonly number: number
}

/** A retrain as its row tells. `outcome` is one sentence of our own words. */
export interface Retrain extends RetrainRef {
  readonly reason: RetrainReason
  readonly state: RetrainState
  readonly outcome: string | undefined
  readonly datasetRoot: string | undefined
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  /** Our own id of whoever asked for it; `undefined`: it came by itself or by the Schedule. */
  readonly by: string | undefined
}

const columns = [
  ...(['bot', 'number', 'reason', 'state', 'outcome', 'dataset_root', 'started_at', 'finished_at'] as const),
  'asked_by',
] as const

interface Row {
  readonly bot: string
  readonly number: number
  readonly reason: RetrainReason
  readonly state: RetrainState
  readonly outcome: string | null
  readonly dataset_root: string | null
  readonly started_at: Date
  readonly finished_at: Date | null
  readonly asked_by: string | null
}

const retrainOfRow = (row: Row): Retrain => ({
  bot: row.bot,
  number: row.number,
  reason: row.reason,
  state: row.state,
  outcome: row.outcome ?? undefined,
  datasetRoot: row.dataset_root ?? undefined,
  startedAt: row.started_at,
  finishedAt: row.finished_at ?? undefined,
  by: row.asked_by ?? undefined,
})

/** The row of a retrain, or `undefined`. */
export async function retrainOf(db: Db, { bot, number }: RetrainRef): Promise<Retrain | undefined> {
  const row = await db
    .selectFrom('retrains')
    .select(columns)
    .where('bot', '=', bot)
    .where('number', '=', number)
    .executeTakeFirst()
  return row && retrainOfRow(row)
}

/** The latest retrains of a bot, newest first. */
export async function retrainsOf(db: Db, bot: string, limit = 50): Promise<readonly Retrain[]> {
  const rows = await db
    .selectFrom('retrains')
    .select(columns)
    .where('bot', '=', bot)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return rows.map(retrainOfRow)
}

/** The retrains of all bots that have not ended. */
export async function runningRetrains(db: Db): Promise<readonly RetrainRef[]> {
  return db.selectFrom('retrains').select(['bot', 'number']).where('state', '=', 'running').execute()
}

/**
 * Makes the row of a retrain, unless it is there or another one of the bot is running.
 * @returns the row, or `undefined` when another one is running.
 */
export async function openRetrain(
  db: Db,
  order: RetrainRef & { readonly reason: RetrainReason; readonly by?: string },
): Promise<Retrain | undefined> {
  const { bot, number, reason, by } = order
  await db
    .insertInto('retrains')
    .values({ bot, number, reason, ...(by !== undefined && { asked_by: by }) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return retrainOf(db, order)
}

/** Ends a retrain that runs; how it ended first stands. @returns whether this call ended it. */
export async function closeRetrain(
  db: Db,
  { bot, number }: RetrainRef,
  end: { readonly state: Exclude<RetrainState, 'running'>; readonly outcome: string },
): Promise<boolean> {
  const result = await db
    .updateTable('retrains')
    .set({ state: end.state, outcome: end.outcome, finished_at: sql<Date>`now()` })
    .where('bot', '=', bot)
    .where('number', '=', number)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** A retrain that made no version, of which the people's channel knows nothing yet. */
export interface UntoldRetrain {
  readonly bot: string
  readonly number: number
  /** Why: one sentence of our own words. */
  readonly outcome: string
}

/** Older ones are no news any more. */
const newsForMs = 24 * 60 * 60_000

/** Failed retrains of these bots in the last day about which nothing was posted; the oldest first. */
export async function untoldRetrains(
  db: Db,
  { bots, limit }: { readonly bots: readonly string[]; readonly limit: number },
): Promise<readonly UntoldRetrain[]> {
  const { rows } = await sql<UntoldRetrain>`
    select bot, number, coalesce(outcome, 'no reason is known') as outcome
    from retrains
    where state = 'failed' and bot = any(${[...bots]}) and finished_at > now() - ${newsForMs} * interval '1 millisecond'
      and not exists (select 1 from replies where key = ${failedRetrainPostPrefix} || bot || ':' || number
                      and state in ('sent', 'undeliverable'))
    order by finished_at limit ${limit}`.execute(db)
  return rows
}
