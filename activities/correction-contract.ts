import type { ChannelName } from '../domain/label.ts'
import type { CorrectionState, HeldBack, VoteVerdict } from '../domain/correction.ts'

/*
 * What `applyCorrection` may ask of activities. Imports nothing but domain/. Everything here enters histories: our own ids,
 * label ids and counts only (docs/rules.md, rule 4).
 */

/** The one argument of `applyCorrection`; `prediction` as in domain/prediction.ts. */
export interface CorrectionRequest {
  readonly bot: string
  readonly channel: ChannelName
  readonly prediction: string
}

export interface VoteRef {
  /** Our own random id of the vote. */
  readonly voteId: string
}

/** Somebody who is told that it is settled, beside the person whose vote settled it. */
export type Recipient = ({ readonly kind: 'voter' } & VoteRef) | { readonly kind: 'asker' }

/** Where a prediction stands after a vote. */
export interface Tally {
  readonly verdict: VoteVerdict
  readonly state: CorrectionState
  /** Why it waits for a reviewer although people have settled it. */
  readonly heldBack?: HeldBack
  /** The label that people settled on, or that leads. */
  readonly label?: string
  /** Votes for the label that leads, and how many settle it. */
  readonly votes: number
  readonly needed: number
  /** Counts the changes of this correction. */
  readonly revision: number
  /** What this vote changed. */
  readonly change: 'settled' | 'conflicted' | 'reopened' | 'nothing'
  /** Whom to tell that it is settled. */
  readonly others: readonly Recipient[]
}

/** A prediction as it stood when its correction had changed so often: what comes later finds nothing to do. */
export interface CorrectionMoment {
  readonly prediction: string
  readonly revision: number
}

export interface CorrectionActivities {
  /** Counts a vote in one transaction: rights, daily limit, the person's earlier vote, the state, the audit row. Repeating it changes nothing. */
  countVote(vote: VoteRef): Promise<Tally>
  /** Tells the person what became of their vote, once. */
  tellVoter(receipt: VoteRef & { readonly tally: Tally }): Promise<void>
  /** Tells somebody else that it is settled, once. */
  tellOther(news: CorrectionMoment & { readonly to: Recipient }): Promise<void>
  /** Puts a conflict before the reviewers, in the people's channel. */
  askReviewers(moment: CorrectionMoment): Promise<void>
  /** Takes the buttons of the questions away and says what it was settled as. */
  closeQuestion(moment: CorrectionMoment): Promise<void>
}
