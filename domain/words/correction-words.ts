import type { CorrectionWord } from '../bot-words.ts'
import type { Bot } from '../bot.ts'
import type { CorrectionState, HeldBack, VoteVerdict } from '../correction.ts'
import { fill, wordsOf } from './words.ts'

/** Where a prediction stands, as far as people are told. */
interface Told {
  readonly state: CorrectionState
  /** A label's id. */
  readonly label?: string | undefined
  readonly votes: number
  readonly needed: number
  readonly heldBack?: HeldBack | undefined
}

const byState: Readonly<Record<CorrectionState, CorrectionWord>> = {
  open: 'noted',
  accepted: 'accepted',
  confirmed: 'confirmed',
  conflicted: 'conflicted',
  // It is settled, and nobody is promised that it will be learned from.
  quarantined: 'settled',
  rejected: 'tooLate',
  undecided: 'undecided',
  revoked: 'tooLate',
}

const byReason: Readonly<Record<HeldBack, CorrectionWord>> = { 'new-here': 'newHere', 'was-confirmed': 'wasConfirmed' }

function wordFor(verdict: VoteVerdict, { state, heldBack }: Told): CorrectionWord {
  if (verdict === 'daily-limit') return 'dailyLimit'
  if (verdict !== 'counted') return 'tooLate'
  return heldBack === undefined ? byState[state] : byReason[heldBack]
}

const say = (bot: Bot, word: CorrectionWord, values: Readonly<Record<string, string>>): string =>
  fill(bot.words.corrections[word], { bot: bot.name, ...values })

/** What the person who voted is told. `label` is that of the vote; absent: "can't tell". */
export function receiptText(
  bot: Bot,
  vote: { readonly verdict: VoteVerdict; readonly standing: Told; readonly label: string | undefined },
): string {
  const { standing } = vote
  const label = standing.label ?? vote.label
  return say(bot, wordFor(vote.verdict, standing), {
    label: label === undefined ? "can't tell" : wordsOf(bot, label),
    votes: `${standing.votes}`,
    needed: `${standing.needed}`,
  })
}

/** What people are asked. The answer that was given is named, so that the question can be read alone. */
export const questionText = (bot: Bot, answer: string): string => say(bot, 'question', { answer })

/** What stands above the question that is put before the reviewers, when people contradict each other. */
export const reviewText = (bot: Bot, labels: readonly string[]): string =>
  `People say different things: ${labels.map((label) => wordsOf(bot, label)).join(', ')}. A reviewer decides.`

/** What stands above it when people had confirmed an answer that the model was sure of, and now say something else. */
export const flipText = (bot: Bot, { from, to }: { readonly from: string; readonly to: readonly string[] }): string =>
  `People had confirmed ${wordsOf(bot, from)}, and now say ${to.map((label) => wordsOf(bot, label)).join(', ')}. A reviewer decides.`

/** What people are asked who are not to know what any version has said. */
export const blindText = (bot: Bot): string => say(bot, 'blind', {})

/** What a person is told whose correction a live version has learned for the first time. */
export const liveText = (bot: Bot, { label, version }: { readonly label: string; readonly version: number }): string =>
  say(bot, 'live', { label: wordsOf(bot, label), version: `${version}` })

/** What those are told who voted before, when strangers alone have settled it. */
export const newHereText = (bot: Bot, label: string | undefined): string =>
  say(bot, 'newHere', { label: label === undefined ? "can't tell" : wordsOf(bot, label) })

/** What is said under a question that is settled, and to those who voted before. */
export const settledText = (bot: Bot, label: string | undefined): string =>
  label === undefined ? say(bot, 'undecided', {}) : say(bot, 'settled', { label: wordsOf(bot, label) })

/** What is said under a question about what was taken back, and under one whose place another has taken. */
export const letGoText = 'Nobody is asked about this any more.'
/** What then stands where something was quoted. */
export const takenBackText = 'This was taken back.'

/** What the person who had asked is told. */
export const toAskerText = (bot: Bot, label: string | undefined): string =>
  label === undefined ? say(bot, 'undecided', {}) : say(bot, 'toAsker', { label: wordsOf(bot, label) })
