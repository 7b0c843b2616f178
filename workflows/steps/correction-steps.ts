import { proxyActivities } from '@temporalio/workflow'
import type { CorrectionActivities } from '../../activities/correction-contract.ts'

/* The steps of `applyCorrection`, one proxy per class, with the retry policy of its class. */

/** One transaction. It is tried until the database is back: a vote is never given up. */
export const countingSteps = proxyActivities<Pick<CorrectionActivities, 'countVote'>>({
  summary: 'Count a vote',
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
})

/**
 * Posts to people: the call itself may take 5 s, so 12 s mean that one attempt is dead before the next begins. What became
 * of a vote is worth an hour of trying; the page says it anyway.
 */
export const tellingSteps = proxyActivities<Pick<CorrectionActivities, 'tellVoter' | 'tellOther'>>({
  startToCloseTimeout: '12s',
  scheduleToCloseTimeout: '1h',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})

/** Questions are posts and edits in the people's channel; a conflict that no reviewer hears of would stay one, so a day. */
export const questionSteps = proxyActivities<Pick<CorrectionActivities, 'askReviewers' | 'closeQuestion'>>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '1d',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
})
