import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { ActionActivities, ActionRef } from '../activities/contract.ts'

/** Checks and changes our own records, and tells Temporal: tried for a day, less and less often, because what was asked was accepted. */
const { performAction } = proxyActivities<Pick<ActionActivities, 'performAction'>>({
  summary: 'Do what was asked',
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})

/** Posts to one person: one attempt is dead before the next begins; after an hour the page says it anyway. */
const { answerAction } = proxyActivities<Pick<ActionActivities, 'answerAction'>>({
  summary: 'Tell the person',
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})

/** What a person asked of a bot itself: a decision, a label, an order. It is done once, and then they hear what came of it. */
export async function handleAction(action: ActionRef): Promise<string> {
  const done = await performAction(action)
  setCurrentDetails(`**${done}**`)
  await answerAction(action)
  return done
}
