import {
  returnTo,
  takeBack,
  type TakenBack,
  takenBackByAnother,
  takenBackText,
  versionToTakeBack,
} from '../store/approvals/take-back.ts'
import type { Trx } from '../store/db.ts'
import { rolloutsOf } from '../store/rollouts/rollouts.ts'
import { servingSetOf } from '../store/versions/serving-sets.ts'
import { type Asked, inOneTransaction, type NotDone, type OperationContext } from './operation.ts'

interface RollBack extends Asked {
  readonly bot: string
  /** The version that goes; left out: the one that is on its way, else the newest live one. */
  readonly version?: number | undefined
  /** The version that comes back. */
  readonly to?: number | undefined
  readonly slot?: string | undefined
  /** The person's words, kept with the change. */
  readonly reason: string
}

/** The version that is on its way in a slot, else the newest live one of it. */
async function versionIn(trx: Trx, bot: string, slot: string): Promise<number | undefined> {
  const open = (await rolloutsOf(trx, bot)).find((rollout) => rollout.slot === slot && rollout.end === undefined)
  if (open !== undefined) return open.version
  const live = (await servingSetOf(trx, bot))?.members.filter((each) => each.slot === slot && each.stage === 'live')
  return live?.map(({ version }) => version).toSorted((one, other) => other - one)[0]
}

async function act(trx: Trx, { actor, bot, version: named, to, slot, reason }: RollBack): Promise<TakenBack> {
  const wanted = { bot, personId: actor.id, reason }
  if (to !== undefined) return returnTo(trx, { ...wanted, version: named, to, slot })
  const version = named ?? (await (slot === undefined ? versionToTakeBack(trx, bot) : versionIn(trx, bot, slot)))
  // After the look at what is live, so that whatever changed it before is seen here.
  const other = named === undefined ? await takenBackByAnother(trx, wanted) : undefined
  if (other !== undefined) return { kind: 'refused', text: takenBackText(other) }
  if (version === undefined) return { kind: 'refused', text: 'There is nothing to take back.' }
  return takeBack(trx, { ...wanted, version, unnamed: named === undefined })
}

/** Takes a version back at once. It needs nothing but the database, so that it works with Temporal down. */
export const rollBack = (context: OperationContext, asked: RollBack): Promise<TakenBack | NotDone> =>
  inOneTransaction(context, { name: 'roll-back', role: 'approver' }, asked, (trx) => act(trx, asked))
