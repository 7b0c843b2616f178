import type { IncomingHttpHeaders } from 'node:http'
import { type LimitKind, limitsIn, usedUp, waitUntil } from './limit-headers.ts'

/** An endpoint that takes no more calls of this account for a while. It names the endpoint without anybody's id. */
export interface ClosedEndpoint {
  readonly endpoint: string
  readonly limit: LimitKind
  readonly resetAt: Date
}

/** What came of a call, as far as limits are concerned; nothing is known when no answer came. */
export type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined

/** A place for one call, or how long there is none, in milliseconds. */
export type Place = { readonly waitMs: number } | { readonly leave: (answered: Answered) => void }

/** What is known of the limits of one account's endpoints. */
export interface EndpointLimits {
  readonly enter: (endpoint: string) => Place
}

interface State {
  inFlight: number
  /** Whether an answer has told how this window stands, if only by telling of no limit. */
  known: boolean
  readonly windows: Map<LimitKind, { remaining: number; readonly resetMs: number }>
}

/** How long until calls that are under way have told what is left, in milliseconds. */
const soonMs = 500

/** Windows that are over are forgotten; how the next one stands has to be learned from one call. */
function forgetOldWindows(state: State, nowMs: number): void {
  for (const [kind, { resetMs }] of state.windows)
    if (resetMs <= nowMs) {
      state.windows.delete(kind)
      state.known = false
    }
}

/** Why there is no place now, as the time to wait. */
function waitOf({ windows, inFlight, known }: State, nowMs: number): number | undefined {
  const closed = [...windows.values()].filter(({ remaining }) => remaining <= 0)
  if (closed.length > 0) return waitUntil(Math.max(...closed.map(({ resetMs }) => resetMs)), nowMs)
  const crowded = [...windows.values()].some(({ remaining }) => remaining - inFlight <= 0)
  return crowded || (!known && inFlight > 0) ? soonMs : undefined
}

/** @returns the limits that are used up now and were not before. */
function learn(state: State, { status, headers }: NonNullable<Answered>): readonly LimitKind[] {
  state.known = true
  const told = limitsIn(headers)
  const empty = status === 429 ? usedUp(told).map(({ kind }) => kind) : []
  return told.flatMap(({ kind, remaining, resetMs }) => {
    const before = state.windows.get(kind)
    const isSame = before?.resetMs === resetMs
    // Answers arrive in another order than they were made: within one window the least is the latest.
    const left = Math.min(remaining ?? Infinity, isSame ? before.remaining : Infinity)
    const now = { remaining: empty.includes(kind) ? 0 : left, resetMs }
    state.windows.set(kind, now)
    return now.remaining <= 0 && !(isSame && before.remaining <= 0) ? [kind] : []
  })
}

/**
 * Keeps what X tells of its limits, per endpoint of one account, and gives no place for a call that would be one too many: none
 * before a reset, no more at once than are left, and while nothing is known a single one. Nobody waits here.
 * @param options.tell is told once of each endpoint that closes.
 */
export function createEndpointLimits(options: {
  readonly now: () => number
  readonly tell: (closed: ClosedEndpoint) => void
}): EndpointLimits {
  const states = new Map<string, State>()
  const stateOf = (endpoint: string): State => {
    const state = states.get(endpoint) ?? { inFlight: 0, known: false, windows: new Map() }
    states.set(endpoint, state)
    return state
  }
  const leave = (endpoint: string, state: State, answered: Answered): void => {
    state.inFlight -= 1
    if (answered === undefined) return
    for (const limit of learn(state, answered))
      options.tell({ endpoint, limit, resetAt: new Date(state.windows.get(limit)?.resetMs ?? 0) })
  }
  return {
    enter: (endpoint) => {
      const state = stateOf(endpoint)
      const nowMs = options.now()
      forgetOldWindows(state, nowMs)
      const waitMs = waitOf(state, nowMs)
      if (waitMs !== undefined) return { waitMs }
      state.inFlight += 1
      return { leave: (answered) => leave(endpoint, state, answered) }
    },
  }
}
