import type { ListedCorrection, ReviewRequest } from '../../api/contract/corrections.ts'
import { mayReview } from '../../domain/correction.ts'

type Decision = ReviewRequest['decision']

const others = ['reject', 'quarantine', 'revoke'] as const

/** What a reviewer may decide about a correction; one that was learned from can only be taken back. The API has the last word. */
export function decisionsFor({ state, datasets }: Pick<ListedCorrection, 'state' | 'datasets'>): readonly Decision[] {
  if (state === 'accepted' && datasets.length > 0) return ['revoke']
  const possible = others.filter((decision) => mayReview(decision, state))
  return state === 'accepted' || state === 'revoked' ? possible : ['accept', ...possible]
}

/**
 * Whether a retrain could learn from a correction now: it is accepted, is not held out for life, and no version that serves or is on
 * its way has it in its dataset. One that only a failed retrain or a version without an audience has seen can be taught again.
 */
export function mayTeach(
  { state, datasets }: Pick<ListedCorrection, 'state' | 'datasets'>,
  serving: readonly number[],
): boolean {
  const isHeldOut = datasets.some(({ part }) => part === 'correction-holdout')
  const isLearned = datasets.some(({ versions }) => versions.some((version) => serving.includes(version)))
  return state === 'accepted' && !isHeldOut && !isLearned
}
