import type { Arrival, Rendezvous } from './score.ts'

/** What a policy picked: the version that is named, the answer, and the scores that it is made of. */
export interface Picked {
  readonly from: Arrival
  readonly used: readonly Arrival[]
  readonly label: string
  readonly confidence: number
  readonly known: boolean
  readonly probabilities: Readonly<Record<string, number>>
  readonly reason: string
}

/** The first of the items with the highest value. */
export const best = <T>(items: readonly T[], valueOf: (item: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (top, next) => (top === undefined || valueOf(next) > valueOf(top) ? next : top),
    undefined,
  )

const confidenceOf = ({ score }: Arrival) => score.confidence

/** One version's own answer. */
export const chosenBy = (from: Arrival, reason: string): Picked => ({
  from,
  used: [from],
  label: from.score.label,
  confidence: from.score.confidence,
  known: from.score.known,
  probabilities: from.score.probabilities,
  reason,
})

export function highestConfidence(
  arrived: readonly Arrival[],
  reason = 'the most confident version',
): Picked | undefined {
  const top = best(arrived, confidenceOf)
  return top && chosenBy(top, reason)
}

const isPrimary = ({ score }: Arrival, { answering }: Rendezvous) =>
  score.slot === answering[0]?.slot && score.version === answering[0].version

export function primaryThenBest(arrived: readonly Arrival[], rendezvous: Rendezvous): Picked | undefined {
  const primary = arrived.find((arrival) => isPrimary(arrival, rendezvous))
  return primary
    ? chosenBy(primary, 'the primary version answered in time')
    : highestConfidence(arrived, 'the primary version was late: the most confident answered')
}

export function first(arrived: readonly Arrival[]): Picked | undefined {
  const top = best(arrived, ({ arrivedMs }) => -arrivedMs)
  return top && chosenBy(top, 'the first version to answer')
}

/** The label with the highest mean probability; the version named is the one that gives it the most. */
export function average(arrived: readonly Arrival[]): Picked | undefined {
  const labels = [...new Set(arrived.flatMap(({ score }) => Object.keys(score.probabilities)))]
  const mean = (label: string) =>
    arrived.reduce((sum, { score }) => sum + (score.probabilities[label] ?? 0), 0) / arrived.length
  const probabilities = Object.fromEntries(labels.map((label) => [label, mean(label)]))
  const label = best(labels, mean)
  const from = best(arrived, ({ score }) => score.probabilities[label ?? ''] ?? 0)
  if (label === undefined || from === undefined) return undefined
  return {
    from,
    used: arrived,
    label,
    confidence: mean(label),
    // When half of the versions or more have seen the like, the mean is an answer.
    known: arrived.filter(({ score }) => score.known).length * 2 >= arrived.length,
    probabilities,
    reason:
      arrived.length === 1 ? 'the only live version that answered' : `the average of ${arrived.length} live versions`,
  }
}

/** The member whose part of the line from 0 to 1 holds `share`; the parts are as long as the weights. */
function memberAt({ answering, share }: Rendezvous) {
  const total = answering.reduce((sum, { weight }) => sum + weight, 0)
  let end = 0
  return answering.find(({ weight }) => (end += weight) > share * total)
}

export function weighted(arrived: readonly Arrival[], rendezvous: Rendezvous): Picked | undefined {
  const member = memberAt(rendezvous)
  const own = arrived.find(({ score }) => score.slot === member?.slot && score.version === member.version)
  return own
    ? chosenBy(own, 'this conversation belongs to this version')
    : highestConfidence(arrived, 'the version of this conversation was late: the most confident answered')
}
