import { type TakenBack, takeBack, versionToTakeBack } from '../../../store/approvals/take-back.ts'
import type { Db } from '../../../store/db.ts'
import { rollBackRollout, rollBackTo } from '../../../store/rollouts/roll-back.ts'
import { rolloutsOf } from '../../../store/rollouts/rollouts.ts'
import { keepTakeBack, takenBackByAnother, takenBackText } from '../../../store/rollouts/take-backs.ts'
import { servingSetOf } from '../../../store/serving-sets.ts'
import { versionsOf } from '../../../store/versions.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'

type Order = Parameters<LearningDeps['rollouts']['takeBack']>[0]

const refused = (text: string): TakenBack => ({ kind: 'refused', text })

const openIn = async (db: Db, bot: string, slot: string) =>
  (await rolloutsOf(db, bot)).find((rollout) => rollout.slot === slot && rollout.end === undefined)

/** The slot goes to a named version: a live one makes way, and a canary does when the named one is live already. */
async function returnTo(db: Db, { bot, personId, ...order }: Order, to: number): Promise<TakenBack> {
  const target = (await versionsOf(db, bot)).find((each) => each.version === to)
  if (target === undefined) return refused(`There is no version ${to}.`)
  const { slot } = target
  if (order.slot !== undefined && order.slot !== slot) return refused(`Version ${to} belongs to the slot ${slot}.`)
  const open = await openIn(db, bot, slot)
  const live = (await servingSetOf(db, bot))?.members.find((member) => member.version === to)?.stage === 'live'
  if (live && open !== undefined && open.version !== to) {
    const end = { end: 'withdrawn', why: 'a person took it back', actor: personId } as const
    if (await rollBackRollout(db, { bot, version: open.version, ...end }))
      return { kind: 'taken-back', version: open.version, to }
  }
  const result = await rollBackTo(db, { bot, slot, to, actor: personId })
  if (result.kind === 'refused') return refused(`It cannot be taken back: ${result.reason}.`)
  return { kind: 'taken-back', version: result.from, to: result.to }
}

/** The one that is on its way in a slot, else the newest live one of it. */
async function versionIn(db: Db, bot: string, slot: string): Promise<number | undefined> {
  const open = await openIn(db, bot, slot)
  if (open !== undefined) return open.version
  const live = (await servingSetOf(db, bot))?.members.filter((each) => each.slot === slot && each.stage === 'live')
  return live?.map(({ version }) => version).toSorted((one, other) => other - one)[0]
}

/** Takes a version back with nothing but the database, and keeps the person's reason. */
export const createTakeBack =
  (db: Db): LearningDeps['rollouts']['takeBack'] =>
  async (order) => {
    const { bot, to, slot, personId, reason } = order
    const find = async (): Promise<TakenBack> => {
      if (to !== undefined) return returnTo(db, order, to)
      const other = order.version === undefined ? await takenBackByAnother(db, { bot, personId }) : undefined
      if (other !== undefined) return refused(takenBackText(other))
      const meant = () => (slot === undefined ? versionToTakeBack(db, bot) : versionIn(db, bot, slot))
      const version = order.version ?? (await meant())
      if (version === undefined) return refused('There is nothing to take back.')
      return takeBack(db, { bot, version, personId })
    }
    const taken = await find()
    if (taken.kind === 'taken-back')
      await keepTakeBack(db, { bot, from: taken.version, to: taken.to, personId, reason })
    return taken
  }
