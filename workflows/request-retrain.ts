import { workflowInfo } from '@temporalio/workflow'
import type { ScheduledRetrain } from '../activities/learning-contract.ts'
import { coordinatorSteps } from './steps/learning-steps.ts'

/** What a Schedule starts: asks the bot's coordinator for a retrain, and ends. The Schedule puts the time into the workflow id. */
export async function requestRetrain({ bot }: ScheduledRetrain): Promise<void> {
  const request = { key: workflowInfo().workflowId, reason: 'schedule' } as const
  await coordinatorSteps.tellCoordinator({ bot, kind: 'request', request })
}
