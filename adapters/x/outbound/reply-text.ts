/** The longest post, in weighted characters, and the longest direct message, in characters. */
export const longestPost = 280
export const longestDirectMessage = 10_000

/** Every address counts as one of this length, bare host names too. */
const addressWeight = 23
const addresses = /(?:https?:\/\/|[\w-]+\.(?=[a-z]{2}))[^\s]+/giu

/** The ranges of code points that count 1; all others count 2 (twitter-text, configuration version 3). */
const light = [
  [0, 4_351],
  [8_192, 8_205],
  [8_208, 8_223],
  [8_242, 8_247],
] as const

function weightOfCharacter(character: string): number {
  const point = character.codePointAt(0) ?? 0
  return light.some(([first, last]) => point >= first && point <= last) ? 1 : 2
}

const plainWeight = (text: string) => Array.from(text).reduce((sum, character) => sum + weightOfCharacter(character), 0)

/**
 * At least the length that X counts: an emoji of several code points counts more here than there, an address never less.
 * @see https://docs.x.com/fundamentals/counting-characters
 */
export function weightedLength(text: string): number {
  const normal = text.normalize('NFC')
  const missing = Array.from(normal.matchAll(addresses), ([found]) => Math.max(addressWeight - plainWeight(found), 0))
  return plainWeight(normal) + missing.reduce((sum, each) => sum + each, 0)
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text if X takes it, else its beginning, cut between what people see as characters. */
export function postText(text: string): string {
  if (weightedLength(text) <= longestPost) return text
  const pieces = Array.from(characters.segment(text.slice(0, longestPost * 4)), ({ segment }) => segment)
  while (pieces.length > 0 && weightedLength(`${pieces.join('')}…`) > longestPost) pieces.pop()
  return `${pieces.join('')}…`
}

/** The text if X takes it as a direct message, else its beginning. */
export function directText(text: string): string {
  if (text.length <= longestDirectMessage) return text
  return `${text.slice(0, longestDirectMessage - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
