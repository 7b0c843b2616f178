import type { LearningNumbers } from './numbers.ts'
import type { LearningStatus, RetrainReason } from './status.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const two = (value: number): string => String(value).padStart(2, '0')

/** A time as people read it, in UTC: "Monday 06:00 UTC". */
const timeText = (ms: number): string => {
  const at = new Date(ms)
  return `${weekdays[at.getUTCDay()] ?? ''} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`
}

const progress = (status: LearningStatus): string => {
  const people = status.people < status.peopleWanted && !status.reviewersBatch
  const who = people ? ` from ${status.people} of ${status.peopleWanted} people` : ''
  const next = status.nextCheckAt === undefined ? '' : `, next check ${timeText(status.nextCheckAt)}`
  const rollout = status.onItsWay === undefined ? '' : `; version ${status.onItsWay} is on its way`
  return `${status.accepted} of ${status.wanted} corrections${who}${next}${rollout}`
}

/** Why a retrain starts now, or one sentence for people about what it waits for. */
export type WhyRetrain = { readonly reason: RetrainReason } | { readonly wait: string }

/**
 * Whether it is time to learn.
 * 1. One retrain at a time.
 * 2. A person and a demonstration need one change to what is live, and wait for nothing.
 * 3. The others wait for the end of a rollout, whose version a newer one would withdraw, and for the end of the cool-down.
 * 4. A Schedule needs a few.
 * 5. Corrections alone need many, from several people or all from reviewers.
 */
export function whyRetrain(
  status: LearningStatus,
  request: Exclude<RetrainReason, 'corrections'> | undefined,
  options: { readonly now: number; readonly numbers: Pick<LearningNumbers, 'weeklyAccepted'> },
): WhyRetrain {
  if (status.running !== undefined) return { wait: `retrain ${status.running} is running` }
  if (request === 'demo' && status.changes > 0) return { reason: 'demo' }
  if (request === 'person' && status.usableChanges > 0) return { reason: 'person' }
  const found = request === 'person' ? status.changes : status.accepted
  if (found === 0) return { wait: `nothing new to learn from: ${progress(status)}` }
  if (status.usable === 0) return { wait: `the corrections come from too few people: ${progress(status)}` }
  if (status.onItsWay !== undefined) return { wait: progress(status) }
  if (status.coolDownUntil !== undefined && status.coolDownUntil > options.now)
    return {
      wait: `${progress(status)}; a retrain has just ended, and it waits until ${timeText(status.coolDownUntil)}`,
    }
  if (request === 'schedule' && status.usable >= options.numbers.weeklyAccepted) return { reason: 'schedule' }
  const enoughPeople = status.people >= status.peopleWanted || status.reviewersBatch
  return status.usable >= status.wanted && enoughPeople ? { reason: 'corrections' } : { wait: progress(status) }
}

/** An accepted correction as far as fairness goes: who said it first, and whether a reviewer decided it. */
export interface BatchItem {
  readonly id: string
  readonly person: string
  readonly reviewer: boolean
}

/**
 * Which corrections go into a batch: at most `largestShare` of it from one person, the earliest ones first; what reviewers
 * decided is exempt. The others wait for the next batch.
 */
export function fairBatch<Item extends BatchItem>(
  corrections: readonly Item[],
  { largestShare }: Pick<LearningNumbers, 'largestShare'>,
): readonly Item[] {
  const counts = new Map<string, number>()
  for (const { person, reviewer } of corrections) if (!reviewer) counts.set(person, (counts.get(person) ?? 0) + 1)
  const exempt = corrections.filter(({ reviewer }) => reviewer).length
  const totalWith = (cap: number) => [...counts.values()].reduce((sum, count) => sum + Math.min(count, cap), exempt)
  let cap = Math.max(0, ...counts.values())
  while (cap > 0 && cap > largestShare * totalWith(cap)) cap -= 1
  const taken = new Map<string, number>()
  return corrections.filter(({ person, reviewer }) => {
    if (reviewer) return true
    const before = taken.get(person) ?? 0
    taken.set(person, before + 1)
    return before < cap
  })
}
