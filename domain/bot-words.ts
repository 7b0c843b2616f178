import type { RefusalCode } from './refusals.ts'

/** What people are told about their corrections. `{label}` is a label's words. */
export const correctionWords = [
  'noted',
  'accepted',
  'confirmed',
  'conflicted',
  'newHere',
  'wasConfirmed',
  'undecided',
  'dailyLimit',
  'tooLate',
  'question',
  'settled',
  'toAsker',
  'live',
  'blind',
] as const
export type CorrectionWord = (typeof correctionWords)[number]

/** The words by which people say that they want no answers any more, or again; a bot's own words.yaml may replace them. */
export interface OptOutWords {
  readonly stop: readonly string[]
  readonly start: readonly string[]
}

/** What a bot says. `{label}`, `{percent}`, `{runnerUp}`, `{runnerUpPercent}`, `{labels}` and `{bot}` are filled in; of a person's text only a file's name ever is. */
export interface BotWords {
  readonly answer: string
  readonly notKnown: string
  readonly apology: string
  /** To the person alone, when the platform takes no answer where they asked. */
  readonly elsewhere: string
  /** Put behind an answer whose confidence is under the bot's threshold. `{answer}` is the answer. */
  readonly unsure: string
  /** One picture of several; `{name}` is the file's name. */
  readonly named: string
  /** Above the menu under an answer: "Wrong team?". */
  readonly wrong: string
  /** You meet `{name}`, who is `{label}`; you were taken for `{own}` (`{percent}`). */
  readonly matched: string
  readonly unmatched: string
  /** To the one who was there before: `{name}` is new. */
  readonly matchedWith: string
  /** Every live version's answer; `{lines}`, `{highest}`, `{average}` and `{late}`. */
  readonly everyVersion: string
  readonly refusals: Readonly<Record<RefusalCode, string>>
  readonly corrections: Readonly<Record<CorrectionWord, string>>
  /** What people write who want no answers any more, or again. */
  readonly optOut: OptOutWords
}
