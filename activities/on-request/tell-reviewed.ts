import type { CorrectionState } from '../../domain/correction.ts'
import { parsePredictionId } from '../../domain/prediction.ts'
import type * as corrections from '../../store/corrections/corrections.ts'
import type * as votes from '../../store/corrections/votes.ts'
import type { ReviewActivities } from '../learning-contract.ts'
import { type PostDeps, postOnce } from '../post-once.ts'

export interface TellReviewedDeps extends PostDeps {
  readonly corrections: Pick<typeof corrections, 'correctionOf'>
  readonly votes: Pick<typeof votes, 'voteById'>
}

const texts: Partial<Record<CorrectionState, string>> = {
  rejected: 'A reviewer has looked at this correction and did not take it over. Thank you for saying it.',
  quarantined: 'A reviewer has set this correction aside: it is not learned from for now.',
  revoked: 'A reviewer has taken this correction back: it will not be learned from any more.',
}

/** `tellReviewed`: what has changed again since is told by whoever changed it. */
export const createTellReviewed = (deps: TellReviewedDeps): ReviewActivities => ({
  tellReviewed: async ({ bot, prediction, revision, voteId }) => {
    const ref = parsePredictionId(prediction)
    const correction = ref && (await deps.corrections.correctionOf(deps.db, ref))
    if (correction?.revision !== revision) return
    const text = texts[correction.state]
    const { address, messageId } = await deps.votes.voteById(deps.db, voteId)
    if (text === undefined || address === undefined) return
    const key = `reviewed:${prediction}:${revision}:${voteId}`
    await postOnce(deps, { key, messageId, kind: 'notice', text, address, channel: deps.channelOf(bot, 'slack') })
  },
})
