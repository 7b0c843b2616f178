import type { Stories } from '../../infra/temporal/stories.ts'
import type { Db } from '../../store/db.ts'
import { openRollouts, unopenedRollouts } from '../../store/rollouts/rollouts.ts'

/**
 * Sees to it that every rollout on its way has its workflow: one that Temporal has forgotten, or that somebody terminated, goes on
 * from its row, under watch again . So does one that waits for its turn and has no row yet. To end a rollout,
 * roll it back or cancel its workflow.
 * @param deps.knows whether a bot is there; a rollout of one whose folder is gone waits.
 * @throws ServiceUnavailable when Temporal could not be asked.
 */
export async function ensureRollouts(deps: {
  readonly db: Db
  readonly stories: Pick<Stories, 'ensureRollout'>
  readonly knows: (bot: string) => boolean
}): Promise<void> {
  const { db, stories, knows } = deps
  const open = (await openRollouts(db)).map(({ bot, version, numbers: { demo } }) => ({ bot, version, demo }))
  for (const rollout of [...open, ...(await unopenedRollouts(db))]) {
    if (knows(rollout.bot)) await stories.ensureRollout(rollout)
  }
}
