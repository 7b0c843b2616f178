import type { Label } from '../label.ts'

/** A name as people compare names: lower case, without articles, dashes and punctuation. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}\s]/gu, ' ')
    .replaceAll(/\b(?:an?|the|it|its|is|s|should|be|was|rather|actually|really|team|please)\b/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** The label that a person means by these words, or `undefined`: its id or its words, articles and fillers left aside. */
export function labelIn(text: string, labels: readonly Label[]): string | undefined {
  const said = plain(text)
  if (said === '') return undefined
  return labels.find(({ id, words }) => plain(id) === said || plain(words) === said)?.id
}

/** "no, it's an engineer", "wrong: pickers", "that is not right, should be docs". */
const contradiction =
  /^(?:no|nope|wrong|incorrect|not (?:right|correct|quite)|that(?:'s| is|s) (?:wrong|not right|incorrect))\b[\s,.:;!–—-]*(.*)$/isu

/** The label that a contradiction names, or `undefined` when it is none, or names none. */
export function contradictedLabel(text: string, labels: readonly Label[]): string | undefined {
  const [, rest] = contradiction.exec(text.replaceAll('’', "'").trim()) ?? []
  return rest === undefined || rest.length > 120 ? undefined : labelIn(rest, labels)
}
