import type { CorrectionRules } from './correction.ts'
import type { LearningNumbers, RolloutNumbers } from './learning/numbers.ts'
import type { CorrectionWord } from './words/correction-words.ts'
import type { OptOutWords } from './words/opt-out-words.ts'
import type { RefusalCode } from './refusals.ts'
import type { SelectionPolicy } from './rendezvous/rendezvous.ts'

export const channelNames = ['slack', 'x', 'http'] as const
/** Where people talk to a bot. Each channel has a task queue of its own, so that each scales alone. */
export type ChannelName = (typeof channelNames)[number]

export const modelFamilies = ['picture-classifier', 'text-classifier'] as const
export type ModelFamily = (typeof modelFamilies)[number]

/** One thing a model can say. The id is kept in histories and records; the words are what people read. */
export interface Label {
  readonly id: string
  readonly words: string
}

/** A line of versions that replace each other; versions of different slots answer side by side. */
export interface Slot {
  readonly name: string
  /** Which outputs of the family's backbone its versions read; those that the family chooses when left out. */
  readonly cuts?: readonly string[] | undefined
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

export const commandNames = [
  'predict',
  'predict-rendezvous',
  'fix',
  'match',
  'labels',
  'train',
  'versions',
  'rollback',
] as const
/** What people can type after a slash. */
export type CommandName = (typeof commandNames)[number]

/** A bot as its folder in `bots/` describes it, checked and frozen. */
export interface Bot {
  readonly name: string
  readonly channels: readonly ChannelName[]
  readonly family: ModelFamily
  readonly labels: readonly Label[]
  readonly policy: SelectionPolicy
  /** In the order of precedence: the first one is the primary. One slot `main` when left out. */
  readonly slots?: readonly Slot[]
  /** Answers under this calibrated confidence say so, and people are asked. 0: never. */
  readonly unsureBelow: number
  /** A random share of the other answers of which people are asked too. */
  readonly askShare: number
  /** The Slack channel where people are asked; nobody is when it is left out. */
  readonly peopleChannel?: string | undefined
  /** How many questions a day go to that channel. */
  readonly questionsPerDay: number
  /** So many answers within an hour in one thread, or in one person's direct messages; then it is silent there for an hour. */
  readonly turnsPerThread: number
  /** Questions with one of these phrases are answered in channels without a mention. */
  readonly listensTo: readonly string[]
  /** From where links that people type are fetched. */
  readonly mediaHosts: 'public' | readonly string[]
  readonly commands: readonly CommandName[]
  /** People who are there from the start, so that whoever joins first meets somebody. */
  readonly starterProfiles: readonly { readonly name: string; readonly label: string }[]
  /** Older messages expire after a pause, in milliseconds. */
  readonly answerWithinMs: number
  readonly corrections: CorrectionRules
  readonly learning: LearningNumbers
  readonly rollout: RolloutNumbers
  /** Whether a promoted version replaces the champion of its slot, or joins the live versions. */
  readonly promotion: 'replace' | 'join'
  readonly words: BotWords
}

/** The slots of a bot; a bot that names none has one. */
export const slotsOf = (bot: Pick<Bot, 'slots'>): readonly Slot[] => bot.slots ?? [{ name: 'main' }]
