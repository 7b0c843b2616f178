import { returnTo, takeBack, versionToTakeBack } from '../../../store/approvals/take-back.ts'
import type { Db } from '../../../store/db.ts'
import { rolloutsOf } from '../../../store/rollouts/rollouts.ts'
import { servingSetOf } from '../../../store/versions/serving-sets.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'

/** The one that is on its way in a slot, else the newest live one of it. */
async function versionIn(db: Db, bot: string, slot: string): Promise<number | undefined> {
  const open = (await rolloutsOf(db, bot)).find((rollout) => rollout.slot === slot && rollout.end === undefined)
  if (open !== undefined) return open.version
  const live = (await servingSetOf(db, bot))?.members.filter((each) => each.slot === slot && each.stage === 'live')
  return live?.map(({ version }) => version).toSorted((one, other) => other - one)[0]
}

/** Takes a version back with nothing but the database, and keeps the person's reason. */
export const createTakeBack =
  (db: Db): LearningDeps['rollouts']['takeBack'] =>
  async ({ version: named, to, slot, ...wanted }) => {
    const { bot } = wanted
    if (to !== undefined) return returnTo(db, { ...wanted, version: named, to, slot })
    const version = named ?? (await (slot === undefined ? versionToTakeBack(db, bot) : versionIn(db, bot, slot)))
    if (version === undefined) return { kind: 'refused', text: 'There is nothing to take back.' }
    return takeBack(db, { ...wanted, version, unnamed: named === undefined })
  }
