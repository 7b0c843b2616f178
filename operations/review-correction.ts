import { ServiceUnavailable } from '../domain/errors.ts'
import { predictionId, type PredictionRef } from '../domain/prediction.ts'
import {
  type Reviewed,
  type ReviewRequest,
  reviewCorrection as decideOn,
} from '../store/corrections/review-correction.ts'
import { reviewHandedOn, type WaitingReview } from '../store/corrections/waiting-reviews.ts'
import { type Asked, inOneTransaction, type NotDone, type OperationContext } from './operation.ts'

interface Review extends Asked, PredictionRef {
  readonly bot: string
  readonly decision: ReviewRequest['decision']
  readonly reason?: string | undefined
}

/** Tells the coordinator and the voters of a review. Safe to repeat. @throws ServiceUnavailable. */
export async function handOnReview(
  { db, stories }: Pick<OperationContext, 'db' | 'stories'>,
  review: WaitingReview,
): Promise<void> {
  const { bot, prediction, revision, voteIds, messageId, position } = review
  await (await stories()).tellReview({ bot, prediction, revision, voteIds })
  await reviewHandedOn(db, { messageId, position, revision })
}

/** A reviewer rejects, quarantines or revokes a correction, past the votes. Accepting is a reviewer's vote. */
export async function reviewCorrection(context: OperationContext, asked: Review): Promise<Reviewed | NotDone> {
  const { actor, bot, decision, reason, messageId, position } = asked
  const request = { messageId, position, decision, personId: actor.id, reason }
  const done = await inOneTransaction(context, { name: 'review-correction', role: 'reviewer' }, asked, (trx) =>
    decideOn(trx, request),
  )
  if (done.kind !== 'reviewed') return done
  const { revision, voteIds } = done
  const news = { bot, prediction: predictionId(asked), revision, voteIds, messageId, position }
  await handOnReview(context, news).catch((error: unknown) => {
    if (!(error instanceof ServiceUnavailable)) throw error
    context.log.warn({ bot }, 'what follows a review waits for Temporal; the relay hands it on')
  })
  return done
}
