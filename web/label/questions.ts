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

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
/** Without U, which undoes. */
const letters = 'a b c d e f g h i j k l m n o p q r s t v w x y z'.split(' ')

/** One key per label, in their order: 1 to 9, then letters; a label beyond those has none. */
export const labelKeys = (labels: number): readonly (string | undefined)[] =>
  Array.from({ length: labels }, (_, index) => [...digits, ...letters][index])

export type KeyMeaning = { readonly kind: 'label'; readonly index: number } | { readonly kind: 'unknown' | 'undo' }

/** What a key means on a question with so many labels; `undefined`: nothing. */
export function meaningOf(key: string, labels: number): KeyMeaning | undefined {
  const pressed = key.toLowerCase()
  if (pressed === '0') return { kind: 'unknown' }
  if (pressed === 'u') return { kind: 'undo' }
  const index = labelKeys(labels).indexOf(pressed)
  return index < 0 ? undefined : { kind: 'label', index }
}
