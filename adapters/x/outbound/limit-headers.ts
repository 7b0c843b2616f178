import type { IncomingHttpHeaders } from 'node:http'

/**
 * The limits that an answer of X can tell of: that of the quarter of an hour, and those of 24 hours per app and per user.
 * @see https://docs.x.com/x-api/fundamentals/rate-limits
 */
export const limitKinds = ['x-rate-limit', 'x-app-limit-24hour', 'x-user-limit-24hour'] as const
export type LimitKind = (typeof limitKinds)[number]

/** One limit as an answer told it. */
export interface ToldLimit {
  readonly kind: LimitKind
  /** Calls that are left; `undefined` when it was not told. */
  readonly remaining: number | undefined
  /** When it is full again, in milliseconds since the epoch. */
  readonly resetMs: number
}

/** X tells whole seconds and may have cut them off: so much later the limit is full for certain. */
const roundingMs = 1_000

const numberIn = (value: string | string[] | undefined): number | undefined =>
  typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined

/** The limits that an answer's headers tell of; one without a reset is left out. */
export const limitsIn = (headers: IncomingHttpHeaders): readonly ToldLimit[] =>
  limitKinds.flatMap((kind) => {
    const reset = numberIn(headers[`${kind}-reset`]) ?? 0
    if (reset <= 0) return []
    return [{ kind, remaining: numberIn(headers[`${kind}-remaining`]), resetMs: reset * 1000 + roundingMs }]
  })

/** The limits that a 429 is about: those that are used up, else the first one that was told. */
export function usedUp(told: readonly ToldLimit[]): readonly ToldLimit[] {
  const empty = told.filter(({ remaining }) => remaining === 0)
  return empty.length > 0 ? empty : told.slice(0, 1)
}

/** Nobody waits longer than this before looking again, in milliseconds: clocks differ, and limits are lifted. */
const longestWaitMs = 60 * 60_000
const shortestWaitMs = 1_000

/** How long to wait for a reset, within bounds, in milliseconds. */
export const waitUntil = (resetMs: number, nowMs: number): number =>
  Math.min(Math.max(resetMs - nowMs, shortestWaitMs), longestWaitMs)
