import type { CorrectionState, VoteVerdict } from '../../domain/correction.ts'
import type { VoteWay } from '../../domain/inbound.ts'

export const correctionWords: Readonly<Record<CorrectionState, string>> = {
  open: 'Votes wanted',
  accepted: 'Corrected',
  confirmed: 'Confirmed',
  conflicted: 'People disagree',
  quarantined: 'Quarantined',
  rejected: 'Rejected',
  undecided: 'Nobody can tell',
  revoked: 'Taken back',
}

export const correctionMeanings: Readonly<Record<CorrectionState, string>> = {
  open: 'Two votes that agree, or one reviewer, settle it.',
  accepted: 'People settled on another label.',
  confirmed: 'People settled on the answer that was given.',
  conflicted: 'People contradict each other: a reviewer decides.',
  quarantined: 'It is settled, but it may not be learned from.',
  rejected: 'A reviewer refused the correction.',
  undecided: 'Three people could not tell.',
  revoked: 'It was learned from; the next dataset leaves it out.',
}

export const correctionBadges = {
  open: 'blue',
  accepted: 'green',
  confirmed: 'green',
  conflicted: 'amber',
  quarantined: 'amber',
  rejected: 'red',
  undecided: 'gray',
  revoked: 'gray',
} as const satisfies Record<CorrectionState, string>

const ways: Readonly<Record<VoteWay, string>> = {
  command: 'by command',
  button: 'with a button',
  reply: 'in a reply',
  shortcut: 'by shortcut',
  api: 'over the API',
  page: 'on these pages',
}
export const wayWords = (via: VoteWay): string => ways[via]

const verdicts: Readonly<Record<VoteVerdict, string>> = {
  counted: 'counted',
  'daily-limit': 'not counted: the daily limit was reached',
  superseded: 'replaced by a later vote',
  'too-late': 'not counted: it was settled before',
}
/** What became of a vote; null: it is being counted. */
export const verdictWords = (verdict: VoteVerdict | null): string =>
  verdict === null ? 'being counted' : verdicts[verdict]
