import { sql } from 'kysely'
import { predictionId, type PredictionRef } from '../../domain/prediction.ts'
import { standingVotes } from './corrections.ts'
import type { Db } from '../db.ts'

/** A review whose voters and whose coordinator have yet to hear of it. */
export interface WaitingReview extends PredictionRef {
  readonly bot: string
  /** As in domain/prediction.ts. */
  readonly prediction: string
  /** That of the correction which the review made. */
  readonly revision: number
  /** Votes whose people can be told where they are. */
  readonly voteIds: readonly string[]
}

/**
 * Reviews that should have been handed on for at least `olderThanMs`, oldest first: the API was killed after its commit, or
 * Temporal was out.
 */
export async function waitingReviews(
  db: Db,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<readonly WaitingReview[]> {
  const { rows } = await sql<PredictionRef & { readonly bot: string; readonly revision: number }>`
    select corrections.bot, message_id as "messageId", position, reviews.revision
    from correction_reviews reviews join corrections using (message_id, position)
    where handed_on_at is null and reviews.revision is not null
      and at < now() - ${olderThanMs} * interval '1 millisecond'
    order by at limit ${limit}`.execute(db)
  return Promise.all(
    rows.map(async ({ bot, revision, ...ref }) => {
      const votes = await standingVotes(db, ref)
      const voteIds = votes.filter(({ canBeTold }) => canBeTold).map(({ id }) => id)
      return { ...ref, bot, prediction: predictionId(ref), revision, voteIds }
    }),
  )
}

/** What follows a review is in Temporal's hands. Repeating it changes nothing. */
export async function reviewHandedOn(
  db: Db,
  { messageId, position, revision }: PredictionRef & { readonly revision: number },
): Promise<void> {
  await sql`
    update correction_reviews set handed_on_at = now()
    where message_id = ${messageId} and position = ${position} and revision = ${revision}
      and handed_on_at is null`.execute(db)
}
