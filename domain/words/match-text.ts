import type { Bot } from '../bot.ts'
import { fill, percentOf, wordsOf } from './words.ts'

/** Stands where a person of the platform is to be named; the channel's adapter puts the mention there. */
export const personMark = '\u{2063}person\u{2063}'

/** What whoever joins is told. */
export function matchedText(
  match: {
    readonly label: string
    readonly confidence: number
    readonly partner: { readonly name: string; readonly label: string } | undefined
  },
  bot: Bot,
): string {
  const { partner } = match
  return fill(partner ? bot.words.matched : bot.words.unmatched, {
    own: wordsOf(bot, match.label),
    percent: percentOf(match.confidence),
    name: partner !== undefined && partner.name !== '' ? partner.name : personMark,
    label: partner ? wordsOf(bot, partner.label) : '',
  })
}

/** What the one who was there before is told. */
export const matchedWithText = (match: { readonly label: string }, bot: Bot): string =>
  fill(bot.words.matchedWith, { name: personMark, label: wordsOf(bot, match.label) })
