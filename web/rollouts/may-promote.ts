import type { RolloutDetail } from '../operator/learning/rollout-answers.ts'

/** Whether promoting needs an explicit override, or is impossible, or neither; by the frozen verdict. */
export type Promotion = 'free' | 'override' | 'impossible'

/** A person may go past evidence that decided nothing; never past shown harm, or past having seen too little. */
export function promotionOf(
  verdict: NonNullable<RolloutDetail['evidence']>['payload']['judgement']['verdict'],
): Promotion {
  if (verdict === 'pass') return 'free'
  return verdict === 'inconclusive' ? 'override' : 'impossible'
}

/** Why nothing can be decided, in a sentence; `undefined` when this person may decide now. */
export function whyNot(
  { end, stage, evidence, mayDecide }: Pick<RolloutDetail, 'end' | 'stage' | 'evidence' | 'mayDecide'>,
  now: number,
): string | undefined {
  if (end != null) return 'This rollout has ended: nothing is left to decide.'
  if (stage !== 'approval') return 'The decision is asked for when the canary has seen enough.'
  if (evidence == null) return 'The evidence is being gathered.'
  if (Date.parse(evidence.expiresAt) <= now) return 'This card has expired. A fresh one is being made.'
  return mayDecide.allowed || mayDecide.holdOrReject
    ? undefined
    : (mayDecide.why ?? 'You may not decide about this version.')
}
