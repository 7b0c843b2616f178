import type { ListedCorrection } from '../operator/learning/answers.ts'

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
