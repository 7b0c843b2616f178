import { allHandlersFinished, ApplicationFailure, condition, setHandler } from '@temporalio/workflow'
import type { DecisionRef, RolloutPosition, WrittenEvidence } from '../../activities/rollout-contract.ts'
import { type Decided, decideSignal, decideUpdate } from '../messages.ts'

/** Where decisions on the evidence that is shown arrive. */
export interface Desk {
  /** From now on this evidence can be decided on, and no other. */
  readonly show: (evidence: WrittenEvidence) => void
  /** Nothing can be decided until other evidence is shown; what was let in before is still handled. */
  readonly hide: () => void
  /** Nothing will be decided any more. */
  readonly close: () => void
  readonly isWaiting: () => boolean
  readonly take: () => DecisionRef | undefined
  /** What was asked is done: whoever waits for it is answered. `refusal`: it was refused after all. */
  readonly handled: (decision: DecisionRef, refusal?: string) => void
  /** Decisions that were handled, to be carried into the next run. */
  readonly seen: () => readonly string[]
  /** Nobody waits for an answer any more. */
  readonly quiet: () => Promise<boolean>
}

/** So many decisions of one rollout are remembered; the store knows all. */
const remembered = 200

const refused = (type: 'NotPending' | 'StaleEvidence' | 'Expired' | 'Refused', message: string) =>
  ApplicationFailure.nonRetryable(message, type)

/**
 * Takes decisions as updates, which are refused before anything is written, and as signals, which go through the same checks
 * and are dropped: their rows are refused when the evidence or the rollout goes on.
 */
export function openDesk(position: () => RolloutPosition, options: { readonly seen: readonly string[] }): Desk {
  const queue: DecisionRef[] = []
  const results = new Map<string, string | undefined>(options.seen.map((id) => [id, undefined]))
  let shown: WrittenEvidence | undefined
  const whyNot = ({ decisionId, evidenceId }: DecisionRef): ApplicationFailure | undefined => {
    // A repeat gets the answer of the first one.
    if (results.has(decisionId)) return undefined
    if (shown === undefined) return refused('NotPending', 'nothing is to be decided now')
    if (shown.evidenceId !== evidenceId) return refused('StaleEvidence', 'the evidence has changed since')
    return Date.now() >= shown.expiresAt ? refused('Expired', 'the card has expired') : undefined
  }
  const put = (decision: DecisionRef) => {
    const isNew = !results.has(decision.decisionId) && !queue.some((one) => one.decisionId === decision.decisionId)
    if (isNew) queue.push(decision)
  }
  const decide = async (decision: DecisionRef): Promise<Decided> => {
    put(decision)
    await condition(() => results.has(decision.decisionId))
    const refusal = results.get(decision.decisionId)
    if (refusal !== undefined) throw refused('Refused', refusal)
    return { decisionId: decision.decisionId, position: position().stage }
  }
  const validator = (decision: DecisionRef): void => {
    const fault = whyNot(decision)
    if (fault) throw fault
  }
  setHandler(decideUpdate, decide, { validator, description: 'A decision on the evidence that is shown' })
  const decideLater = (decision: DecisionRef): void => {
    if (whyNot(decision) === undefined) put(decision)
  }
  setHandler(decideSignal, decideLater, { description: 'The same, where an update cannot be sent' })
  return {
    show: (evidence) => void (shown = evidence),
    hide: () => void (shown = undefined),
    close: () => {
      shown = undefined
      // Nobody is left waiting for an answer that never comes.
      for (const { decisionId } of queue.splice(0)) results.set(decisionId, 'not-pending')
    },
    isWaiting: () => queue.length > 0,
    take: () => queue.shift(),
    handled: ({ decisionId }, refusal) => void results.set(decisionId, refusal),
    seen: () => [...results.keys()].slice(-remembered),
    quiet: () => condition(allHandlersFinished).then(() => true),
  }
}
