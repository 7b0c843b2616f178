import { sql } from 'kysely'
import type { RolloutEnd, RolloutKey } from '../../../domain/rollout/rollout.ts'
import { withoutVersion } from '../../../domain/rollout/serving-changes.ts'
import type { ServingSet } from '../../../domain/serving-set.ts'
import type { Db, Trx } from '../../db.ts'
import { appendAudit } from '../../audit.ts'
import { lockServingSet, replaceServingSet } from '../../versions/serving-sets.ts'
import { endRollout, openRolloutOf, rolloutOf, type StoredRollout } from '../rollouts.ts'

export interface RollBack {
  readonly end: RolloutEnd
  /** One sentence of our own words, told to people. */
  readonly why: string
  /** Our id of the person, or `rollout`. */
  readonly actor: string
}

/** Takes a rollout's version out of what serves, brings its champion back, and ends it; all in the caller's transaction. */
export async function takeOut(trx: Trx, rollout: StoredRollout, { end, why, actor }: RollBack): Promise<void> {
  const { bot, slot, version, champion } = rollout
  const set = await lockServingSet(trx, bot)
  // Before anything else is audited: it refuses decisions.
  await endRollout(trx, { bot, version, end, reason: why })
  if (set.members.some((member) => member.version === version))
    await replaceServingSet(trx, { bot, set: withoutVersion(set, { slot, version, champion }), actor })
  await appendAudit(trx, {
    actor,
    action: 'rollout.rolled-back',
    subject: bot,
    details: { version, champion, end, from: rollout.stage },
  })
}

/**
 * Takes a version out and brings its champion back, in one idempotent step that needs nothing but the database. It never
 * leaves zero live versions.
 * @returns false when the rollout had ended before, or there is none.
 */
export async function rollBackRollout(db: Db, { bot, version, ...rollBack }: RolloutKey & RollBack): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await lockServingSet(trx, bot)
    const rollout = await rolloutOf(trx, { bot, version }, { lock: true })
    if (rollout === undefined || rollout.end !== undefined) return false
    await takeOut(trx, rollout, rollBack)
    return true
  })
}

/** Ends a rollout that went well; what serves stays as it is. @returns false when it had ended before. */
export async function closeRollout(
  db: Db,
  { bot, version, end }: RolloutKey & { readonly end: RolloutEnd },
): Promise<boolean> {
  return db.transaction().execute((trx) => endRollout(trx, { bot, version, end, reason: undefined }))
}

/** The version that was live before `version`, as the records of promotions tell it, else the version it was made from. */
async function before(trx: Trx, { bot, version }: RolloutKey): Promise<number | undefined> {
  const { rows } = await sql<{ before: number | null }>`
    select coalesce(
      (select champion from rollouts where bot = ${bot} and version = ${version}),
      (select parent from versions where bot = ${bot} and version = ${version})
    ) as before`.execute(trx)
  return rows[0]?.before ?? undefined
}

/**
 * Why a version that a person names may not come back: only one that was let on stage before and stayed there may; every other
 * way on stage is a rollout with its approval.
 */
async function whyNotBack(trx: Trx, { bot, version }: RolloutKey): Promise<string | undefined> {
  const ended = await rolloutOf(trx, { bot, version })
  if (ended !== undefined && ended.end !== 'promoted')
    return `v${version} was not let on stage by its rollout (${ended.end ?? ended.stage})`
  const member = JSON.stringify([{ version, stage: 'live' }])
  const { rows } = await sql`
    select 1 from audit where action = 'serving-set.replaced' and subject = ${bot}
      and details -> 'members' @> ${member}::jsonb limit 1`.execute(trx)
  return rows.length > 0 ? undefined : `v${version} was never live: start its rollout`
}

export type RolledBackTo =
  | { readonly kind: 'rolled-back'; readonly from: number; readonly to: number }
  /** There is nothing to go back to, or not what was meant to go back from; one sentence of our own words. */
  | { readonly kind: 'refused'; readonly reason: string }

const refused = (reason: string): RolledBackTo => ({ kind: 'refused', reason })

interface Order {
  readonly bot: string
  readonly slot: string
  readonly from: number
  readonly to: number
}

/** Candidates that were compared with the version that goes have lost what they were measured against. */
async function endComparison(trx: Trx, { bot, slot, from, to }: Order, actor: string): Promise<void> {
  const open = await openRolloutOf(trx, bot, slot)
  if (open === undefined) return
  if (open.version === from)
    return takeOut(trx, { ...open, champion: to }, { end: 'withdrawn', why: 'a person rolled it back', actor })
  await takeOut(trx, open, { end: 'withdrawn', why: `its champion v${from} was rolled back`, actor })
}

async function exchange(trx: Trx, order: Order, actor: string): Promise<RolledBackTo> {
  const { bot, slot, from, to } = order
  await endComparison(trx, order, actor)
  const set = await lockServingSet(trx, bot)
  if (set.members.some(({ version, stage }) => version === from && stage === 'live'))
    await replaceServingSet(trx, { bot, set: withoutVersion(set, { slot, version: from, champion: to }), actor })
  await appendAudit(trx, { actor, action: 'version.rolled-back', subject: bot, details: { slot, from, to } })
  return { kind: 'rolled-back', from, to }
}

/** The live version of a slot that makes way: the newest one, or the newest beside the one that comes back. */
export const liveToLeave = (
  { members }: Pick<ServingSet, 'members'>,
  { slot, to }: { readonly slot: string; readonly to?: number | undefined },
): number | undefined =>
  members.findLast((member) => member.slot === slot && member.stage === 'live' && member.version !== to)?.version

/**
 * Brings the version before a live one back, or a named one of the same slot that was live before; also long after its rollout,
 * and also with Temporal down. The version that comes back is loaded on its first use when no worker holds it.
 * @param order.from what was live when the person looked: when another one is by now, nothing is rolled back.
 */
export async function rollBackTo(
  trx: Trx,
  {
    bot,
    slot,
    from,
    to,
    actor,
  }: Pick<Order, 'bot' | 'slot' | 'from'> & { readonly to?: number | undefined; readonly actor: string },
): Promise<RolledBackTo> {
  const set = await lockServingSet(trx, bot)
  const leaving = liveToLeave(set, { slot, to })
  if (leaving === undefined) return refused(`nothing ${to === undefined ? '' : 'else '}of the slot ${slot} is live`)
  if (leaving !== from) return refused(`v${leaving} is live, not v${from}`)
  const target = to ?? (await before(trx, { bot, version: from }))
  if (target === undefined) return refused(`there is no version before v${from}`)
  const { rows } = await sql<{ slot: string }>`
    select slot from versions where bot = ${bot} and version = ${target}`.execute(trx)
  if (rows[0] === undefined) return refused(`there is no v${target}`)
  if (to !== undefined && rows[0].slot !== slot) return refused(`v${target} belongs to the slot ${rows[0].slot}`)
  const whyNot = to === undefined ? undefined : await whyNotBack(trx, { bot, version: to })
  if (whyNot !== undefined) return refused(whyNot)
  return exchange(trx, { bot, slot, from, to: target }, actor)
}
