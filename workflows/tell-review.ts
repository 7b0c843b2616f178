import { proxyActivities } from '@temporalio/workflow'
import type { ReviewActivities, ReviewNews } from '../activities/learning-contract.ts'
import { learningQueue } from '../domain/keys.ts'
import { coordinatorSteps } from './steps/learning-steps.ts'
import { letGo } from './steps/step-failure.ts'

/** Posts to people: one attempt is dead before the next begins; an hour of trying, the page says it anyway. */
const { tellReviewed } = proxyActivities<ReviewActivities>({
  taskQueue: learningQueue,
  summary: 'Tell the voter what a reviewer decided',
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})

/** What follows from a reviewer's decision on a correction: those who learn hear of it, and those who voted. */
export async function tellReview({ voteIds, ...news }: ReviewNews): Promise<void> {
  const { bot, prediction, revision } = news
  await coordinatorSteps.tellCoordinator({ bot, kind: 'accepted', prediction, revision })
  await Promise.all(voteIds.map((voteId) => tellReviewed({ ...news, voteId }).catch(letGo)))
}
