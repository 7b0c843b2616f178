import type { Logger } from 'pino'
import { errorFields } from '../infra/logger.ts'
import type { AcceptedVote } from '../store/votes.ts'

export interface VoteReconcilerDeps {
  readonly log: Logger
  readonly everyMs: number
  /** Votes that should have been counted by now. */
  readonly overdue: () => Promise<readonly AcceptedVote[]>
  readonly apply: (vote: AcceptedVote) => Promise<void>
}

/**
 * Hands votes on again that PostgreSQL calls uncounted, because Temporal has lost its store or could not be reached: a vote
 * is counted once, however often it is handed on. @returns a function that stops it.
 */
export function reconcileVotes(deps: VoteReconcilerDeps): () => void {
  let going = false
  const sweep = async (): Promise<void> => {
    if (going) return
    going = true
    try {
      for (const vote of await deps.overdue()) await deps.apply(vote)
    } catch (error) {
      deps.log.warn(errorFields(error), 'votes could not be handed on; the next sweep tries again')
    } finally {
      going = false
    }
  }
  const timer = setInterval(() => void sweep(), deps.everyMs)
  return () => clearInterval(timer)
}
