import type { RolloutKey } from '../../domain/rollout/rollout.ts'
import { sql } from 'kysely'
import type { Bot } from '../../domain/bot.ts'
import type { RolloutNumbers } from '../../domain/learning/numbers.ts'
import type { Rollout, RolloutEnd, RolloutStage } from '../../domain/rollout/rollout.ts'
import { refuseRequested } from '../approvals/decisions.ts'
import type { Db, Trx } from '../db.ts'

/** A rollout with what only the store needs of it. */
export interface StoredRollout extends Rollout {
  /** Traffic's time counts from here. */
  readonly shadowAt: Date | undefined
  readonly held: boolean
  /** Where its card is in the people's channel, and the evidence that the card shows. */
  readonly card: { readonly platformId: string; readonly evidenceId: string | undefined } | undefined
}

interface Row {
  readonly bot: string
  readonly version: number
  readonly slot: string
  readonly champion: number
  readonly mode: 'replace' | 'join'
  readonly stage: RolloutStage
  readonly step: number
  readonly ended_as: RolloutEnd | null
  readonly reason: string | null
  readonly numbers: RolloutNumbers
  readonly started_at: Date
  readonly shadow_at: Date | null
  readonly stage_since: Date
  readonly ended_at: Date | null
  readonly card_platform_id: string | null
  readonly card_evidence: string | null
  readonly held: boolean
}

const fromRow = (row: Row): StoredRollout => ({
  bot: row.bot,
  version: row.version,
  slot: row.slot,
  champion: row.champion,
  mode: row.mode,
  stage: row.stage,
  step: row.step,
  end: row.ended_as ?? undefined,
  reason: row.reason ?? undefined,
  numbers: row.numbers,
  startedAt: row.started_at,
  stageSince: row.stage_since,
  endedAt: row.ended_at ?? undefined,
  shadowAt: row.shadow_at ?? undefined,
  held: row.held,
  card:
    row.card_platform_id === null
      ? undefined
      : { platformId: row.card_platform_id, evidenceId: row.card_evidence ?? undefined },
})

/**
 * @param options.lock keeps everybody else from changing it until the transaction ends; whoever changes what serves too locks
 *   the serving set first (`lockServingSet`).
 */
export async function rolloutOf(
  db: Db,
  { bot, version }: RolloutKey,
  options: { readonly lock?: boolean } = {},
): Promise<StoredRollout | undefined> {
  const { rows } = await sql<Row>`
    select * from rollouts where bot = ${bot} and version = ${version}
    ${options.lock === true ? sql`for update` : sql``}`.execute(db)
  return rows[0] && fromRow(rows[0])
}

/** All rollouts of a bot, the newest first. */
export async function rolloutsOf(db: Db, bot: string): Promise<readonly StoredRollout[]> {
  const { rows } =
    await sql<Row>`select * from rollouts where bot = ${bot} order by started_at desc, version desc`.execute(db)
  return rows.map(fromRow)
}

/** The rollout that is on its way in a slot, of which there is at most one. */
export async function openRolloutOf(trx: Trx, bot: string, slot: string): Promise<StoredRollout | undefined> {
  const { rows } = await sql<Row>`
    select * from rollouts where bot = ${bot} and slot = ${slot} and ended_as is null for update`.execute(trx)
  return rows[0] && fromRow(rows[0])
}

/** The rollouts of all bots that are on their way. */
export async function openRollouts(db: Db): Promise<readonly StoredRollout[]> {
  const { rows } = await sql<Row>`select * from rollouts where ended_as is null order by started_at`.execute(db)
  return rows.map(fromRow)
}

/** How a rollout ends, and why, in one sentence of our own words. */
export interface RolloutEnding {
  readonly end: RolloutEnd
  readonly reason: string
}

/**
 * Versions that a retrain has registered and whose rollout has no row: it waits until the one before is no longer watched.
 * Whatever an earlier rollout of a newer version left behind is not begun any more.
 */
export async function unopenedRollouts(db: Db): Promise<readonly (RolloutKey & { readonly demo: boolean })[]> {
  const { rows } = await sql<RolloutKey & { readonly demo: boolean }>`
    select slots.bot, slots.version, retrains.reason = 'demo' as demo
    from retrain_slots slots join retrains using (bot, number)
    where slots.version is not null and retrains.state = 'succeeded' and not exists (
      select 1 from rollouts where rollouts.bot = slots.bot and rollouts.slot = slots.slot and rollouts.version >= slots.version)
    order by slots.bot, slots.version`.execute(db)
  return rows
}

/** Makes the row of a rollout; with `ending`, that of one which never began. */
export async function insertRollout(
  trx: Trx,
  rollout: Pick<Rollout, 'bot' | 'version' | 'slot' | 'champion' | 'numbers'> & { readonly mode: Bot['promotion'] },
  ending?: RolloutEnding,
): Promise<void> {
  const { bot, version, slot, champion, mode, numbers } = rollout
  await sql`
    insert into rollouts (bot, version, slot, champion, mode, stage, numbers, ended_as, reason, ended_at)
    values (${bot}, ${version}, ${slot}, ${champion}, ${mode}, ${ending ? 'done' : 'recorded'}, ${JSON.stringify(numbers)},
            ${ending?.end ?? null}, ${ending?.reason ?? null}, ${ending ? sql`clock_timestamp()` : null})`.execute(trx)
  if (ending) await addRolloutEvent(trx, { bot, version, kind: 'ended', detail: { ...ending } })
}

/** Puts a rollout into a stage, from which its requests are counted anew. */
export async function moveRollout(
  trx: Trx,
  { bot, version, stage, step }: RolloutKey & { readonly stage: RolloutStage; readonly step: number },
): Promise<void> {
  await sql`
    update rollouts set stage = ${stage}, step = ${step}, stage_since = clock_timestamp(),
           shadow_at = case when ${stage} = 'shadow' then coalesce(shadow_at, clock_timestamp()) else shadow_at end
    where bot = ${bot} and version = ${version} and ended_as is null`.execute(trx)
  await addRolloutEvent(trx, { bot, version, kind: 'stage', detail: { stage, step } })
}

/** Ends a rollout, and refuses the decisions that nobody has applied. @returns whether it was on its way until now. */
export async function endRollout(
  trx: Trx,
  { bot, version, end, reason }: RolloutKey & { readonly end: RolloutEnd; readonly reason: string | undefined },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update rollouts set stage = 'done', ended_as = ${end}, reason = ${reason ?? null}, ended_at = clock_timestamp(),
           stage_since = clock_timestamp()
    where bot = ${bot} and version = ${version} and ended_as is null`.execute(trx)
  if (numAffectedRows !== 1n) return false
  await refuseRequested(trx, { bot, version }, 'not-pending')
  await addRolloutEvent(trx, { bot, version, kind: 'ended', detail: { end, ...(reason !== undefined && { reason }) } })
  return true
}

export interface RolloutEvent {
  readonly at: Date
  readonly kind: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Keeps what happened to a rollout; ids, numbers and our own words only. */
export async function addRolloutEvent(
  db: Db,
  { bot, version, kind, detail }: RolloutKey & Pick<RolloutEvent, 'kind' | 'detail'>,
): Promise<void> {
  await sql`insert into rollout_events (bot, version, kind, detail)
            values (${bot}, ${version}, ${kind}, ${JSON.stringify(detail)})`.execute(db)
}

/** What happened to a rollout, in order. */
export async function rolloutEvents(db: Db, { bot, version }: RolloutKey): Promise<readonly RolloutEvent[]> {
  const { rows } = await sql<RolloutEvent>`
    select at, kind, detail from rollout_events where bot = ${bot} and version = ${version} order by id`.execute(db)
  return rows
}

/** Keeps how the watch judges, when that is another than before. */
export async function noteJudgement(
  db: Db,
  { bot, version, detail }: RolloutKey & Pick<RolloutEvent, 'detail'>,
): Promise<void> {
  const json = JSON.stringify(detail)
  await sql`
    insert into rollout_events (bot, version, kind, detail)
    select ${bot}, ${version}, 'judged', ${json}::jsonb
    where (select detail from rollout_events where bot = ${bot} and version = ${version} and kind = 'judged'
           order by id desc limit 1) is distinct from ${json}::jsonb`.execute(db)
}
