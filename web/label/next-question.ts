import type { BlindQuestion } from '../../api/contract/questions.ts'

interface Shown {
  /** The id of the one that is shown. */
  readonly shown: string | undefined
  /** Those that this person has answered here. */
  readonly done: readonly Pick<BlindQuestion, 'id'>[]
}

/** The question that is shown stays until it is answered or gone, whatever comes before it in the list; then it is the first one left. */
export function nextQuestion<T extends Pick<BlindQuestion, 'id'>>(
  open: readonly T[],
  { shown, done }: Shown,
): T | undefined {
  const left = open.filter((each) => !done.some(({ id }) => id === each.id))
  return left.find(({ id }) => id === shown) ?? left[0]
}

/** A key that comes this soon after a question was meant for the one before it. */
const tooSoonMs = 300

/** Whether a key was pressed too soon after the question came for its person to have seen it; in milliseconds. */
export const isTooSoon = (pressedAt: number, shownAt: number): boolean => pressedAt - shownAt < tooSoonMs
