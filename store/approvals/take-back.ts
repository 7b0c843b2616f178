import type { ServingSet } from '../../domain/serving-set.ts'
import { type Db, inTransaction, type Trx } from '../db.ts'
import { liveToLeave, rollBackTo, takeOut } from '../rollouts/rollbacks/roll-back.ts'
import { rolloutOf, rolloutsOf } from '../rollouts/rollouts.ts'
import { lockServingSet, servingSetOf } from '../versions/serving-sets.ts'
import { versionsOf } from '../versions/versions.ts'
import { sql } from 'kysely'

interface Wanted {
  readonly bot: string
  /** Our id of the person, whose role the caller has checked. */
  readonly personId: string
  /** The person's words, kept with the change. */
  readonly reason: string
}

export interface TakeBack extends Wanted {
  /** The version that is meant; no other one goes. */
  readonly version: number
  /** The person has not named it: nothing goes when another has just taken one back. */
  readonly unnamed?: boolean
}

export interface ReturnTo extends Wanted {
  /** The version that comes back. */
  readonly to: number
  /** The version that makes way for it; left out: the one that would when the person asks. */
  readonly version?: number | undefined
  readonly slot?: string | undefined
}

export type TakenBack =
  | { readonly kind: 'taken-back'; readonly version: number; readonly to: number }
  | { readonly kind: 'refused'; readonly text: string }

const refused = (text: string): TakenBack => ({ kind: 'refused', text })

const liveOf = ({ members }: Pick<ServingSet, 'members'>) => members.filter(({ stage }) => stage === 'live')

const isLive = (set: ServingSet, version: number): boolean => liveOf(set).some((member) => member.version === version)

const openOf = async (db: Db, bot: string) => (await rolloutsOf(db, bot)).filter(({ end }) => end === undefined)

/** The version that is meant when none is named: the one that is on its way, else the newest live one that is no baseline. */
export async function versionToTakeBack(db: Db, bot: string): Promise<number | undefined> {
  const [open] = await openOf(db, bot)
  if (open) return open.version
  const set = await servingSetOf(db, bot)
  const live = (set ? liveOf(set) : []).filter(({ baseline }) => !baseline).map(({ version }) => version)
  return live.length === 0 ? undefined : Math.max(...live)
}

/** Changes what serves, and keeps who wanted it and why, in one transaction under the lock of what serves. */
async function underLock(
  db: Db,
  { bot, personId, reason }: Wanted,
  change: (trx: Trx, set: ServingSet) => Promise<TakenBack>,
): Promise<TakenBack> {
  if ((await servingSetOf(db, bot)) === undefined) return refused('There is nothing to take back.')
  return inTransaction(db, async (trx) => {
    const taken = await change(trx, await lockServingSet(trx, bot))
    if (taken.kind === 'taken-back')
      await keepTakeBack(trx, { bot, from: taken.version, to: taken.to, personId, reason })
    return taken
  })
}

/** Ends the rollout of a version that is on its way. @returns the version that answers instead, or `undefined` without one. */
async function withdraw(
  trx: Trx,
  { bot, version, personId: actor }: Pick<TakeBack, 'bot' | 'version' | 'personId'>,
): Promise<number | undefined> {
  const open = await rolloutOf(trx, { bot, version }, { lock: true })
  if (open === undefined || open.end !== undefined) return undefined
  await takeOut(trx, open, { end: 'withdrawn', why: 'a person took it back', actor })
  return open.champion
}

async function exchange(trx: Trx, order: Parameters<typeof rollBackTo>[1]): Promise<TakenBack> {
  const result = await rollBackTo(trx, order)
  if (result.kind === 'refused') return refused(`It cannot be taken back: ${result.reason}.`)
  return { kind: 'taken-back', version: result.from, to: result.to }
}

async function takeBackFrom(trx: Trx, set: ServingSet, order: TakeBack): Promise<TakenBack> {
  const { bot, version, personId, unnamed } = order
  const other = unnamed === true ? await takenBackByAnother(trx, order) : undefined
  if (other !== undefined) return refused(takenBackText(other))
  const champion = await withdraw(trx, order)
  if (champion !== undefined) return { kind: 'taken-back', version, to: champion }
  const slot = liveOf(set).find((member) => member.version === version)?.slot
  if (slot === undefined) return refused(`Version ${version} is not answering.`)
  if (liveToLeave(set, { slot }) !== version)
    return refused(`A newer version answers beside version ${version}: take that back first.`)
  return exchange(trx, { bot, slot, from: version, actor: personId })
}

/**
 * A person takes a version back: one that is on its way leaves, a live one makes way for the version before it. It needs
 * nothing but the database, so that it works with Temporal down. Repeating it changes nothing more.
 */
export const takeBack = (db: Db, order: TakeBack): Promise<TakenBack> =>
  underLock(db, order, (trx, set) => takeBackFrom(trx, set, order))

interface Place {
  readonly bot: string
  readonly slot: string
  readonly to: number
}

/** What makes way for a version: one that is on its way when the named one is live already, else a live one. */
async function makesWay(db: Db, { bot, slot, to }: Place): Promise<number | undefined> {
  const set = await servingSetOf(db, bot)
  if (set === undefined) return undefined
  const open = (await openOf(db, bot)).find((rollout) => rollout.slot === slot && rollout.version !== to)
  return open !== undefined && isLive(set, to) ? open.version : liveToLeave(set, { slot, to })
}

/** A person brings a version back that was live before: a live one of its slot makes way, or one that is on its way there. */
export async function returnTo(db: Db, order: ReturnTo): Promise<TakenBack> {
  const { bot, to, personId } = order
  const slot = (await versionsOf(db, bot)).find(({ version }) => version === to)?.slot
  if (slot === undefined) return refused(`There is no version ${to}.`)
  if (order.slot !== undefined && order.slot !== slot) return refused(`Version ${to} belongs to the slot ${slot}.`)
  const meant = order.version ?? (await makesWay(db, { bot, slot, to }))
  return underLock(db, order, async (trx, set) => {
    const version = await makesWay(trx, { bot, slot, to })
    if (version === undefined) return refused(`Nothing else answers in the slot ${slot}.`)
    if (version !== meant) return refused(`Version ${version} would make way now: look again.`)
    if (isLive(set, to) && (await withdraw(trx, { bot, version, personId })) !== undefined)
      return { kind: 'taken-back', version, to }
    return exchange(trx, { bot, slot, from: version, to, actor: personId })
  })
}

/** Two people who see the same harm order the same rollback within this. */
const atOnceMs = 60_000

/** Why a person took a version back; the words stay in this row. The change itself and its audit row are written before. */
async function keepTakeBack(
  db: Db,
  taken: {
    readonly bot: string
    readonly from: number
    readonly to: number
    readonly personId: string
    readonly reason: string
  },
): Promise<void> {
  const { bot, from, to, personId, reason } = taken
  await sql`insert into take_backs (bot, version, went_back_to, person_id, reason)
            values (${bot}, ${from}, ${to}, ${personId}, ${reason})`.execute(db)
}

/**
 * The version that somebody else has taken back a moment ago. Whoever orders a rollback now without naming a version has most
 * likely meant that one, and not the version before it.
 */
export async function takenBackByAnother(
  db: Db,
  { bot, personId }: { readonly bot: string; readonly personId: string },
): Promise<number | undefined> {
  const { rows } = await sql<{ version: number }>`
    select version from take_backs
    where bot = ${bot} and person_id <> ${personId} and at > now() - ${atOnceMs} * interval '1 millisecond'
    order by at desc limit 1`.execute(db)
  return rows[0]?.version
}

/** What a person is told who did not name what another has taken back already. */
export const takenBackText = (version: number): string =>
  `Somebody else has taken version ${version} back a moment ago. To take another one back, name it.`
