import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { retrainWorkflowId } from '../../../domain/keys.ts'
import { appendAudit } from '../../../store/audit.ts'
import type { Db } from '../../../store/db.ts'
import { retrainOf } from '../../../store/learning/retrains/retrains.ts'
import { askForRetrain } from '../../../workers/learning/tell-coordinator.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import { askTemporal } from './ask-temporal.ts'

/** Hands a wish to the bot's coordinator, with an audit row. */
export const createAskForRetrain =
  (db: Db, client: Client): LearningDeps['askForRetrain'] =>
  async ({ bot, key, demo, actor }) => {
    const asked = await askTemporal(client, () =>
      askForRetrain(client, bot, { key, reason: demo ? 'demo' : 'person', by: actor }),
    )
    if (asked === 'unreachable') return asked
    const entry = { actor, action: 'retrain.requested', subject: bot, details: { key, demo } }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
    return undefined
  }

/** Asks a retrain to stop, with an audit row. */
export const createCancelRetrain =
  (db: Db, client: Client): LearningDeps['cancelRetrain'] =>
  async ({ bot, number, actor }) => {
    const retrain = await retrainOf(db, { bot, number })
    if (retrain === undefined) return 'unknown'
    if (retrain.state !== 'running') return 'ended'
    const handle = client.workflow.getHandle(retrainWorkflowId(bot, number))
    const asked = await askTemporal(client, async () => {
      await handle.cancel()
      return 'asked' as const
    }).catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return 'ended' as const
      throw error
    })
    if (asked !== 'asked') return asked
    const entry = { actor, action: 'retrain.cancelled', subject: bot, details: { number } }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
    return asked
  }
