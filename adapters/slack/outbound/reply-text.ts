import type { OutgoingReply } from '../../../domain/channel.ts'
import { personMark } from '../../../domain/words/match-text.ts'

/** Longer texts are best split or shortened (docs.slack.dev, chat.postMessage: "limit the text field to 4,000 characters"). */
export const longestText = 4_000

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * A plain text as Slack wants it: `&`, `<` and `>` escaped once, so that nobody is pinged, and at most 4,000 characters,
 * never cut inside an escape or a character.
 */
export function slackText(text: string): string {
  const pieces = Array.from(text, (character) => escapes[character] ?? character)
  const whole = pieces.join('')
  if (whole.length <= longestText) return whole
  let kept = ''
  for (const piece of pieces) {
    if (kept.length + piece.length >= longestText) break
    kept += piece
  }
  return `${kept}…`
}

/** A plain text with the mention of the person that it names. */
export const naming = (text: string, person: string | undefined): string =>
  slackText(text).replaceAll(personMark, person === undefined ? 'somebody' : `<@${person}>`)

/** What a reply says, as Slack wants it. */
export const said = ({ text, person }: Pick<OutgoingReply, 'text' | 'person'>): string => naming(text, person)
