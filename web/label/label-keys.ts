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
