import type { Bot } from './bot.ts'
import type { Standing } from './correction.ts'
import { fill, wordsOf } from './words.ts'

/** What people are told about their corrections. `{label}` is a label's words. */
export const correctionWords = [
  'noted',
  'accepted',
  'confirmed',
  'conflicted',
  'undecided',
  'dailyLimit',
  'tooLate',
  'question',
  'settled',
  'toAsker',
] as const
export type CorrectionWord = (typeof correctionWords)[number]

type Verdict = 'counted' | 'daily-limit' | 'superseded' | 'too-late'

function wordFor(verdict: Verdict, standing: Standing): CorrectionWord {
  if (verdict === 'daily-limit') return 'dailyLimit'
  if (verdict === 'too-late' || verdict === 'superseded') return 'tooLate'
  return standing.state === 'open' ? 'noted' : standing.state
}

const say = (bot: Bot, word: CorrectionWord, values: Readonly<Record<string, string>>): string =>
  fill(bot.words.corrections[word], { bot: bot.name, ...values })

/** What the person who voted is told. */
export function receiptText(
  bot: Bot,
  vote: { readonly verdict: Verdict; readonly standing: Standing; readonly label: string | undefined },
): string {
  const { standing } = vote
  const label = standing.label ?? vote.label
  return say(bot, wordFor(vote.verdict, standing), {
    label: label === undefined ? '' : wordsOf(bot, label),
    votes: `${standing.votes}`,
    needed: `${standing.needed}`,
  })
}

/** What people are asked. The answer that was given is named, so that the question can be read alone. */
export const questionText = (bot: Bot, answer: string): string => say(bot, 'question', { answer })

/** What stands in place of a question that is settled. */
export const settledText = (bot: Bot, standing: Standing): string =>
  standing.label === undefined
    ? say(bot, 'undecided', {})
    : say(bot, 'settled', { label: wordsOf(bot, standing.label) })

/** What the person who had asked is told. */
export const toAskerText = (bot: Bot, label: string): string => say(bot, 'toAsker', { label: wordsOf(bot, label) })
