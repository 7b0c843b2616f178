import type { RolloutDetail } from '../../operator/learning/rollout-answers.ts'

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
  { end, stage, held, evidence, mayDecide }: Pick<RolloutDetail, 'end' | 'stage' | 'held' | 'evidence' | 'mayDecide'>,
  now: number,
): string | undefined {
  if (end != null) return 'This rollout has ended: nothing is left to decide.'
  if (stage === 'bake')
    return 'It is live: the decision was taken, and the guards still watch it. It can be taken back.'
  if (stage !== 'approval') return 'The decision is asked for when the canary has seen enough.'
  if (evidence == null) return 'The evidence is being gathered.'
  if (Date.parse(evidence.expiresAt) <= now)
    return held === true
      ? 'This card has expired. The version is on hold, so a new card takes its place.'
      : 'This card has expired without a decision, which ends the rollout.'
  return mayDecide.allowed || mayDecide.holdOrReject
    ? undefined
    : (mayDecide.why ?? 'You may not decide about this version.')
}
