import type { BotWords } from './bot-words.ts'
import type { ChannelName, Label } from './label.ts'
import type { ModelInput } from './model/preprocessing.ts'
import type { SelectionPolicy } from './serving-set.ts'
import type { CorrectionRules } from './correction.ts'
import type { LearningNumbers, RolloutNumbers } from './learning/numbers.ts'

/** A line of versions that replace each other; versions of different slots answer side by side. */
export interface Slot {
  readonly name: string
  /** Which outputs of the family's backbone its versions read; those that the family chooses when left out. */
  readonly cuts?: readonly string[] | undefined
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
  /** The kind of its models, as `models/families/index.ts` names it. */
  readonly family: string
  /** What people send to it, as that family says. */
  readonly input: ModelInput
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
