import { NoScore } from '../errors.ts'
import type { Arrival, Candidate, Choice, Rendezvous } from './score.ts'
import { average, best, chosenBy, first, highestConfidence, primaryThenBest, weighted } from './selection.ts'

const isOf = (member: { readonly slot: string; readonly version: number }) => (arrival: Arrival) =>
  arrival.score.slot === member.slot && arrival.score.version === member.version

/** What the policy makes of the scores of those that may answer. */
function byPolicy(arrived: readonly Arrival[], rendezvous: Rendezvous) {
  switch (rendezvous.policy) {
    case 'primary-then-best':
      return primaryThenBest(arrived, rendezvous)
    case 'highest-confidence':
      return rendezvous.calibrated ? highestConfidence(arrived) : primaryThenBest(arrived, rendezvous)
    case 'average':
      return average(arrived)
    case 'first':
      return first(arrived)
    case 'weighted':
      return weighted(arrived, rendezvous)
  }
}

/**
 * Picks one answer of the scores that arrived.
 * @throws NoScore when nothing that may answer has arrived: the caller waits for the first score instead.
 */
export function choose(arrivals: readonly Arrival[], rendezvous: Rendezvous): Choice {
  const arrived = rendezvous.answering.flatMap((member) => arrivals.find(isOf(member)) ?? [])
  const fallback = rendezvous.baseline && arrivals.find(isOf(rendezvous.baseline))
  const picked =
    arrived.length > 0
      ? byPolicy(arrived, rendezvous)
      : fallback && chosenBy(fallback, 'no live version answered in time: the baseline did')
  if (picked === undefined) throw new NoScore()
  const { from, used, ...answer } = picked
  return {
    policy: rendezvous.policy,
    slot: from.score.slot,
    version: from.score.version,
    ...answer,
    deadlineHit: rendezvous.deadlineHit,
    candidates: arrivals.map((arrival) => ({
      slot: arrival.score.slot,
      version: arrival.score.version,
      label: arrival.score.label,
      confidence: arrival.score.confidence,
      known: arrival.score.known,
      arrivedMs: arrival.arrivedMs,
      used: used.includes(arrival),
    })),
    late: rendezvous.answering
      .filter((member) => !arrivals.some(isOf(member)))
      .map(({ slot, version }) => `${slot} v${version}`),
  }
}

/** Whether waiting longer could still change the choice. */
export const isDecided = (
  arrivals: readonly Arrival[],
  rendezvous: Pick<Rendezvous, 'policy' | 'answering'>,
): boolean => {
  const arrived = rendezvous.answering.filter((member) => arrivals.some(isOf(member)))
  return arrived.length === rendezvous.answering.length || (rendezvous.policy === 'first' && arrived.length > 0)
}

/** The most confident of the candidates, for people who ask what every version says. */
export const mostConfident = (choice: Choice): Candidate | undefined =>
  best(choice.candidates, (each) => each.confidence)
