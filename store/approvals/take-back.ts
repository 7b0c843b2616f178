import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { rollBackRollout, rollBackTo } from '../rollouts/roll-back.ts'
import { rolloutsOf } from '../rollouts/rollouts.ts'
import { servingSetOf } from '../serving-sets.ts'

export interface TakeBack {
  readonly bot: string
  readonly version: number
  /** Our id of the person, whose role the caller has checked. */
  readonly personId: string
}

export type TakenBack =
  | { readonly kind: 'taken-back'; readonly version: number; readonly to: number }
  | { readonly kind: 'refused'; readonly text: string }

const liveOf = async (db: Db, bot: string) =>
  ((await servingSetOf(db, bot))?.members ?? []).filter(({ stage }) => stage === 'live')

const openOf = async (db: Db, bot: string) => (await rolloutsOf(db, bot)).filter(({ end }) => end === undefined)

/** The version that is meant when none is named: the one that is on its way, else the newest live one that is no baseline. */
export async function versionToTakeBack(db: Db, bot: string): Promise<number | undefined> {
  const [open] = await openOf(db, bot)
  if (open) return open.version
  const live = (await liveOf(db, bot)).filter(({ baseline }) => !baseline).map(({ version }) => version)
  return live.length === 0 ? undefined : Math.max(...live)
}

/** Keeps which version an order without one means, so that it means the same when it is handed on again. */
export async function pinVersion(db: Db, eventId: number, version: number): Promise<void> {
  await sql`update inbound_events set request = jsonb_set(request, '{order,version}', ${JSON.stringify(version)}::jsonb)
            where id = ${eventId} and request ->> 'kind' = 'order'`.execute(db)
}

/**
 * A person takes a version back: one that is on its way leaves, a live one makes way for the version before it. It needs
 * nothing but the database, so that it works with Temporal down. Repeating it changes nothing more.
 */
export async function takeBack(db: Db, { bot, version, personId: actor }: TakeBack): Promise<TakenBack> {
  const open = (await openOf(db, bot)).find((rollout) => rollout.version === version)
  const why = 'a person took it back'
  if (open && (await rollBackRollout(db, { bot, version, end: 'withdrawn', why, actor })))
    return { kind: 'taken-back', version, to: open.champion }
  const live = await liveOf(db, bot)
  const slot = live.find((member) => member.version === version)?.slot
  if (slot === undefined) return { kind: 'refused', text: `Version ${version} is not answering.` }
  if (live.filter((member) => member.slot === slot).at(-1)?.version !== version)
    return { kind: 'refused', text: `A newer version answers beside version ${version}: take that back first.` }
  const result = await rollBackTo(db, { bot, slot, actor })
  if (result.kind === 'refused') return { kind: 'refused', text: `It cannot be taken back: ${result.reason}.` }
  return { kind: 'taken-back', version: result.from, to: result.to }
}
