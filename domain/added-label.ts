import type { Label } from './label.ts'
import { labelIn } from './words/label-words.ts'

/** As many as a menu in Slack takes, and as a history may hold the probabilities of (docs/rules.md, rule 4). */
export const mostLabels = 100
/** What a label's id looks like. */
const labelId = /^[a-z][a-z0-9-]{0,59}$/
/** Letters, digits and plain marks: nothing that pings, links, fills in, or turns the direction of a text. */
const labelWords = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ,'’()&+/-]|\.(?![\p{L}\p{N}])){0,79}$/u
/** What "can't tell" is called in commands and menus. */
const cannotTell = /^can(?:no|['’-]?)t[ -]tell$/i

/** Why a label cannot be added, for programs and for people. */
export interface LabelRefusal {
  readonly code: 'bad-id' | 'bad-words' | 'exists' | 'too-many'
  readonly text: string
}

const badId =
  'The id of a label has lower-case letters, digits and dashes, begins with a letter and has at most 60 characters.'
const badWords =
  'The words of a label have letters, digits and plain marks, begin with a letter or digit and have at most 80 characters.'

/** Whether people could not name it by its id, because that is made of words that are left aside (`the`, `team`). */
const isUnsayable = (label: Label) => labelIn(label.id, [label]) === undefined

/**
 * Why `label` cannot join `existing`, or `undefined` when it can.
 * 1. Its id and words are of a shape that every channel can show.
 * 2. It can be told from "can't tell".
 * 3. No label has its id or its words, as people compare them.
 * 4. A bot has at most 100.
 */
export function refusalOfLabel(label: Label, existing: readonly Label[]): LabelRefusal | undefined {
  if (!labelId.test(label.id) || cannotTell.test(label.id) || isUnsayable(label)) return { code: 'bad-id', text: badId }
  if (!labelWords.test(label.words) || cannotTell.test(label.words)) return { code: 'bad-words', text: badWords }
  const like = labelIn(label.id, existing) ?? labelIn(label.words, existing)
  const same = existing.find(({ id }) => id === like)
  if (same) return { code: 'exists', text: `There is that label already: ${same.id} (${same.words}).` }
  return existing.length < mostLabels
    ? undefined
    : { code: 'too-many', text: `A bot has at most ${mostLabels} labels, and there are as many.` }
}

/** A bot's own labels and then those that were added; one that the bot has by now itself stands once. */
export function allLabels(own: readonly Label[], added: readonly Label[]): readonly Label[] {
  const known = new Set(own.map(({ id }) => id))
  return Object.freeze([...own, ...added.filter(({ id }) => !known.has(id))])
}
