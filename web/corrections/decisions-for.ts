import type { ListedCorrection } from '../operator/learning/answers.ts'
import type { CorrectionDecision } from '../operator/learning/queries.ts'

type Decision = CorrectionDecision['decision']

const byState: Readonly<Record<ListedCorrection['state'], readonly Decision[]>> = {
  open: ['accept', 'reject', 'quarantine'],
  conflicted: ['accept', 'reject', 'quarantine'],
  undecided: ['accept', 'reject'],
  quarantined: ['accept', 'reject'],
  rejected: ['accept'],
  confirmed: ['accept', 'reject', 'quarantine'],
  accepted: ['quarantine', 'revoke'],
  revoked: [],
}

/** What a reviewer may decide about a correction; one that was learned from can only be taken back. The API has the last word. */
export const decisionsFor = ({ state, datasets }: Pick<ListedCorrection, 'state' | 'datasets'>): readonly Decision[] =>
  state === 'accepted' && datasets.length > 0 ? ['revoke'] : byState[state]
