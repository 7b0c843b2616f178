import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { appendAudit } from '../../../store/audit.ts'
import type { Db } from '../../../store/db.ts'
import { rolloutStart } from '../../../workers/learning/ensure-rollouts.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import { askTemporal } from './ask-temporal.ts'

/** Starts the rollout of a version, with an audit row. */
export const createStartRollout =
  (db: Db, client: Client): LearningDeps['rollouts']['start'] =>
  async ({ bot, version, demo, actor }) => {
    try {
      const started = await askTemporal(client, () =>
        client.workflow.start('rollOutVersion', {
          ...rolloutStart({ bot, version, demo }),
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        }),
      )
      if (started === 'unreachable') return started
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'known'
      throw error
    }
    const entry = { actor, action: 'rollout.requested', subject: `${bot}:${version}`, details: { demo } }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
    return 'started'
  }
