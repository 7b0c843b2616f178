import type { Client, WorkflowStartOptions } from '@temporalio/client'
import { learningQueue, rolloutWorkflowId } from '../../domain/keys.ts'
import type { Db } from '../../store/db.ts'
import { openRollouts, unopenedRollouts } from '../../store/rollouts/rollouts.ts'
import { botAttribute } from '../../workflows/messages.ts'
import type { rollOutVersion } from '../../workflows/roll-out-version.ts'

/** A call that takes longer is given up; the next sweep tries again. */
const deadlineMs = 5_000

interface RolloutOrder {
  readonly bot: string
  readonly version: number
  readonly demo: boolean
}

/** How a rollout's workflow is started, whoever starts it. */
export const rolloutStart = ({ bot, version, demo }: RolloutOrder): WorkflowStartOptions<typeof rollOutVersion> => ({
  workflowId: rolloutWorkflowId(bot, version),
  taskQueue: learningQueue,
  args: [{ bot, version, demo }],
  staticSummary: `Rollout of version ${version} of ${bot}`,
  typedSearchAttributes: [{ key: botAttribute, value: bot }],
})

/**
 * Sees to it that every rollout on its way has its workflow: one that Temporal has forgotten, or that somebody terminated, goes on
 * from its row, under watch again (DESIGN.md rule 10). So does one that waits for its turn and has no row yet. To end a rollout,
 * roll it back or cancel its workflow.
 * @param deps.knows whether a bot is there; a rollout of one whose folder is gone waits.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function ensureRollouts(deps: {
  readonly db: Db
  readonly client: Client
  readonly knows: (bot: string) => boolean
}): Promise<void> {
  const { db, client, knows } = deps
  const open = (await openRollouts(db)).map(({ bot, version, numbers: { demo } }) => ({ bot, version, demo }))
  for (const rollout of [...open, ...(await unopenedRollouts(db))]) {
    if (!knows(rollout.bot)) continue
    const start = rolloutStart(rollout)
    await client.connection.withDeadline(Date.now() + deadlineMs, () =>
      client.workflow.start('rollOutVersion', { ...start, workflowIdConflictPolicy: 'USE_EXISTING' }),
    )
  }
}
