import type { ChannelName } from './label.ts'

/*
 * How votes become a correction (decision 0007): one vote per person, the last one counts; two that agree, or one reviewer,
 * settle it; people who contradict each other leave it to the reviewers.
 */

export const correctionStates = [
  /** Votes are still wanted. */
  'open',
  /** People settled on another label than the prediction's. */
  'accepted',
  /** People settled on the prediction's own label. */
  'confirmed',
  /** People contradict each other: a reviewer decides. */
  'conflicted',
  /** Settled, but it may not be learned from. */
  'quarantined',
  /** A reviewer said no. */
  'rejected',
  /** Nobody could tell. */
  'undecided',
  /** It was accepted and learned from, and a reviewer took it back. */
  'revoked',
] as const
export type CorrectionState = (typeof correctionStates)[number]

/** What a reviewer may do with a correction past the votes: what it becomes, and from which states. Accepting is a reviewer's vote. */
export const reviews = {
  reject: { to: 'rejected', from: ['open', 'conflicted', 'undecided', 'quarantined', 'confirmed'] },
  quarantine: { to: 'quarantined', from: ['open', 'conflicted', 'accepted', 'confirmed'] },
  revoke: { to: 'revoked', from: ['accepted'] },
} as const satisfies Readonly<
  Record<string, { readonly to: CorrectionState; readonly from: readonly CorrectionState[] }>
>
export type Review = keyof typeof reviews

/** Whether a reviewer may do this with a correction in that state. */
export const mayReview = (review: Review, state: CorrectionState): boolean =>
  reviews[review].from.some((from) => from === state)

/** What became of a vote: only `counted` ones stand. */
export type VoteVerdict = 'counted' | 'daily-limit' | 'superseded' | 'too-late'

/** The numbers of a bot. */
export interface CorrectionRules {
  readonly quorum: number
  /** How many of a person's votes may be accepted within 24 hours; reviewers are exempt. */
  readonly perPersonAndDay: number
  /** For how long one of a quorum must be known to us, in milliseconds, by the channel where that person is. */
  readonly knownForMs: Readonly<Record<ChannelName, number>>
}

/** Members of a workspace, and people who have signed in, are no strangers. */
export const correctionDefaults: CorrectionRules = {
  quorum: 2,
  perPersonAndDay: 5,
  knownForMs: { slack: 0, x: 24 * 60 * 60 * 1000, http: 0 },
}

/** One person's latest vote that counts. `label` is absent for "can't tell". */
export interface Vote {
  readonly person: string
  readonly label?: string
  readonly reviewer: boolean
}

export interface Standing {
  readonly state: Extract<CorrectionState, 'open' | 'accepted' | 'confirmed' | 'conflicted' | 'undecided'>
  readonly label?: string
  readonly decidedBy?: 'quorum' | 'reviewer'
  /** Votes for the label that leads. */
  readonly votes: number
  readonly needed: number
}

const settledStates: ReadonlySet<CorrectionState> = new Set([
  'accepted',
  'confirmed',
  'quarantined',
  'rejected',
  'undecided',
  'revoked',
])
/** Whether nobody is waited for any more. */
export const isSettled = (state: CorrectionState): boolean => settledStates.has(state)

/** "Can't tell" of this many people, and nobody who can, closes a question. */
const cannotTell = 3

/** What a verdict depends on, besides the vote itself. */
export interface VoteSituation {
  readonly reviewer: boolean
  /** The message was taken back by its author. */
  readonly deleted: boolean
  readonly state: CorrectionState
  readonly decidedBy: 'quorum' | 'reviewer' | undefined
  /** The person's counted votes on other predictions of the bot within 24 hours. */
  readonly countedToday: number
  /** A later vote of the same person on this prediction is counted already. */
  readonly overtaken: boolean
}

/**
 * Whether a vote counts.
 * 1. Nothing is learned of a message that is gone.
 * 2. What a reviewer has decided, only a reviewer changes.
 * 3. A person has so many votes a day; reviewers have as many as they like.
 * 4. The last vote of a person counts, whatever order the votes arrive in.
 */
export function verdictOf(situation: VoteSituation, rules: CorrectionRules): VoteVerdict {
  const { reviewer, deleted, state, decidedBy, countedToday, overtaken } = situation
  if (deleted) return 'too-late'
  if (!reviewer && (decidedBy === 'reviewer' || state === 'rejected')) return 'too-late'
  if (!reviewer && countedToday >= rules.perPersonAndDay) return 'daily-limit'
  return overtaken ? 'superseded' : 'counted'
}

/** The most votes that one label has. */
function mostVotes(labels: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}

/**
 * Where a prediction stands after these votes, in the order in which they were cast.
 * 1. The latest reviewer who named a label decides.
 * 2. Two labels with a vote each are a conflict.
 * 3. A label with `quorum` votes is settled.
 * 4. Three people who cannot tell, and nobody who can: undecided.
 */
export function standingOf(votes: readonly Vote[], predicted: string, rules: CorrectionRules): Standing {
  const settled = (label: string) => (label === predicted ? 'confirmed' : 'accepted')
  const named = votes.flatMap(({ label, reviewer }) => (label === undefined ? [] : [{ label, reviewer }]))
  const decision = named.findLast((vote) => vote.reviewer)?.label
  const labels = named.map((vote) => vote.label)
  const counts = { votes: mostVotes(labels), needed: rules.quorum }
  if (decision !== undefined)
    return { state: settled(decision), label: decision, decidedBy: 'reviewer', ...counts, votes: 1 }
  const [label, ...others] = new Set(labels)
  if (label === undefined) return { state: votes.length >= cannotTell ? 'undecided' : 'open', ...counts }
  if (others.length > 0) return { state: 'conflicted', ...counts }
  if (labels.length >= rules.quorum) return { state: settled(label), label, decidedBy: 'quorum', ...counts }
  return { state: 'open', label, ...counts }
}

/** Why what a quorum settled waits for a reviewer all the same. */
export type HeldBack =
  /** All of them are strangers. */
  | 'new-here'
  /** People had confirmed an answer that the model was sure of, and now say something else. */
  | 'was-confirmed'

/** A vote with where its person is, and for how long we have known them. */
export interface KnownVote extends Vote {
  readonly channel: ChannelName
  readonly knownForMs: number
}

/** The answer that the votes are about. */
export interface Answer {
  readonly label: string
  readonly confidence: number
  /** People, or a reviewer, had settled once that it was right. */
  readonly wasConfirmed: boolean
}

/** An answer with more confidence than this, once confirmed, is not flipped without a reviewer. */
const sureAbove = 0.95

/** Where a prediction stands, once it is known who has voted and about what. */
interface Decided extends Omit<Standing, 'state'> {
  readonly state: Standing['state'] | 'quarantined'
  readonly heldBack?: HeldBack
}

const isKnown = ({ channel, knownForMs }: KnownVote, rules: CorrectionRules): boolean =>
  knownForMs >= rules.knownForMs[channel]

/**
 * Where a prediction stands, and whether what a quorum settled holds without a reviewer.
 * 1. What a reviewer has decided holds.
 * 2. A sure answer that was confirmed is in conflict with whoever would flip it.
 * 3. Strangers alone settle nothing that is learned from or counted as right: it is kept in quarantine.
 */
export function outcomeOf(votes: readonly KnownVote[], answer: Answer, rules: CorrectionRules): Decided {
  const standing = standingOf(votes, answer.label, rules)
  if (standing.decidedBy !== 'quorum') return standing
  const { votes: count, needed } = standing
  if (standing.state === 'accepted' && answer.wasConfirmed && answer.confidence > sureAbove)
    return { state: 'conflicted', votes: count, needed, heldBack: 'was-confirmed' }
  const agreeing = votes.filter(({ label }) => label === standing.label)
  if (agreeing.some((vote) => isKnown(vote, rules))) return standing
  return { ...standing, state: 'quarantined', heldBack: 'new-here' }
}
