import type { Outcome } from '../../domain/outcome.ts'
import { quantile } from '../../domain/quantile.ts'
import type { LoadTest } from '../contract/load-tests.ts'

/** How one synthetic message ended. */
export interface Finished {
  readonly businessKey: string
  readonly outcome: Outcome
  /** From the commit of its event to the commit of its outcome, by the database's clock, in milliseconds. */
  readonly tookMs: number
  /** Whether a reply to it went to a platform: never. */
  readonly sentOutside: boolean
}

/** What is known of the messages that ended. */
type Tally = Pick<LoadTest, 'answered' | 'failed' | 'outcomes' | 'sentOutside' | 'latencyMs' | 'histogram'>

function histogramOf(sorted: readonly number[]): Tally['histogram'] {
  const counts = new Map<number, number>()
  for (const ms of sorted) counts.set(ms, (counts.get(ms) ?? 0) + 1)
  return [...counts]
}

/** Collects endings, each with the time that the message waited before it was committed. */
export function createTally(): {
  readonly add: (finished: Finished, lateMs: number) => void
  readonly read: () => Tally
} {
  const outcomes: Record<Outcome, number> = { answered: 0, refused: 0, failed: 0, expired: 0 }
  const latencies: number[] = []
  let sentOutside = 0
  return {
    add: ({ outcome, tookMs, sentOutside: outside }, lateMs) => {
      outcomes[outcome] += 1
      if (outside) sentOutside += 1
      if (outcome === 'answered' || outcome === 'refused') latencies.push(Math.max(0, Math.round(lateMs + tookMs)))
    },
    read: () => {
      const sorted = latencies.toSorted((one, other) => one - other)
      const max = sorted.at(-1)
      const latencyMs =
        max === undefined
          ? null
          : { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99), max }
      return {
        answered: outcomes.answered + outcomes.refused,
        failed: outcomes.failed + outcomes.expired,
        outcomes: { ...outcomes },
        sentOutside,
        latencyMs,
        histogram: histogramOf(sorted),
      }
    },
  }
}
