import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { learningQueue } from '../../domain/keys.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type { Db } from '../../store/db.ts'
import { reviewHandedOn, type WaitingReview, waitingReviews } from '../../store/corrections/waiting-reviews.ts'
import { botAttribute } from '../../workflows/messages.ts'
import type { tellReview } from '../../workflows/tell-review.ts'

/** A call that takes longer is given up; the sweep makes it again. */
const startDeadlineMs = 4_000
/** Younger reviews are on their way from the API. */
const youngMs = 20_000
const mostAtOnce = 50

interface ReviewDeps {
  readonly db: Db
  readonly client: Client
}

async function start(client: Client, review: WaitingReview): Promise<void> {
  const { bot, prediction, revision, voteIds } = review
  await client.workflow.start<typeof tellReview>('tellReview', {
    workflowId: `review:${bot}:${prediction}:${revision}`,
    taskQueue: learningQueue,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ bot, prediction, revision, voteIds }],
    staticSummary: `A reviewer decided on a correction of ${bot}`,
    typedSearchAttributes: [{ key: botAttribute, value: bot }],
  })
}

/**
 * Starts what follows a review, and notes that it was. Safe to call any number of times: one that runs or has ended is left
 * alone, and that is success.
 * @throws ServiceError of the Temporal client when the server could not be asked.
 */
export async function handOnReview({ db, client }: ReviewDeps, review: WaitingReview): Promise<void> {
  const ref = parsePredictionId(review.prediction)
  if (ref === undefined) throw new TypeError('not the id of a prediction')
  await client.connection.withDeadline(Date.now() + startDeadlineMs, () =>
    start(client, review).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }),
  )
  await reviewHandedOn(db, { ...ref, revision: review.revision })
}

/** Hands on what an API that was killed, or that found Temporal out, has left. */
export async function handOnWaitingReviews(
  deps: ReviewDeps,
  { olderThanMs = youngMs }: { readonly olderThanMs?: number } = {},
): Promise<void> {
  for (const review of await waitingReviews(deps.db, { olderThanMs, limit: mostAtOnce }))
    await handOnReview(deps, review)
}
