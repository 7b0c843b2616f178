import { z } from 'zod'
import type { Reply } from '../wire/exchange.ts'
import { tooManyRequests } from './problems.ts'

const quarterMs = 15 * 60_000
const dayMs = 24 * 60 * 60_000

/** Calls per account and 15 minutes, by short name [fundamentals/rate-limits.mdx]. */
const platformLimits: Readonly<Record<string, number>> = {
  tweets: 100,
  delete: 50,
  dm: 15,
  dm_events: 15,
  dm_event: 15,
  timeline: 900,
  tweet: 900,
  me: 75,
}
/** Calls per 24 hours: of one account, and of one app with all its accounts. */
const userDay: Readonly<Record<string, number>> = { dm: 1_440 }
const appDay: Readonly<Record<string, number>> = { tweets: 10_000, dm: 1_440 }

const numbers = z.record(z.string(), z.int().min(0)).default({})

export const limitShape = z.strictObject({
  enabled: z.boolean(),
  /** Overrules the platform's numbers, by short name. */
  limits: numbers,
  userDay: numbers,
  appDay: numbers,
  /** Overrules the windows. */
  windowMs: z.int().min(100).default(quarterMs),
  dayMs: z.int().min(100).default(dayMs),
})
export type LimitSettings = z.infer<typeof limitShape>

export const noLimits: LimitSettings = limitShape.parse({ enabled: false })

/** How often an endpoint was called since the limits were set. */
export interface CallCount {
  readonly name: string
  readonly account: string
  /** Calls that were let through. */
  readonly taken: number
  /** Calls made when nothing was left: each got a 429. */
  readonly refused: number
  /** Those of them made after the account had been told so, by a 429 or by `remaining: 0`: an honest client makes none. */
  readonly insisted: number
}

interface Counted {
  readonly name: string
  readonly account: string
  readonly app: string
}

/** How often an account may call; off until it is turned on. */
export interface CallLimits {
  readonly set: (settings: LimitSettings) => void
  /** Counts one call. @returns the 429 when there were too many, else the headers of the answer. */
  readonly take: (
    call: Counted,
    nowMs: number,
  ) => { readonly refused: Reply } | { readonly headers: Readonly<Record<string, string>> }
  readonly counts: () => readonly CallCount[]
}

interface Window {
  readonly header: string
  readonly limit: number
  readonly endsAt: number
  used: number
  /** Whether an answer has said that nothing is left. */
  told: boolean
}

/** The limits of one call: whose they are, how many calls, in which time, told in which headers. */
function rulesOf({ name, account, app }: Counted, settings: LimitSettings) {
  const rules = [
    {
      header: 'x-rate-limit',
      key: account,
      limit: settings.limits[name] ?? platformLimits[name],
      ms: settings.windowMs,
    },
    { header: 'x-user-limit-24hour', key: account, limit: settings.userDay[name] ?? userDay[name], ms: settings.dayMs },
    { header: 'x-app-limit-24hour', key: app, limit: settings.appDay[name] ?? appDay[name], ms: settings.dayMs },
  ]
  return rules.flatMap(({ limit, ...rule }) => (limit === undefined ? [] : [{ ...rule, limit }]))
}

const headersOf = (windows: readonly Window[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    windows.flatMap(({ header, limit, used, endsAt }) => [
      [`${header}-limit`, `${limit}`],
      [`${header}-remaining`, `${Math.max(0, limit - used)}`],
      [`${header}-reset`, `${Math.ceil(endsAt / 1000)}`],
    ]),
  )

const isEmpty = ({ used, limit }: Window) => used >= limit

/** The windows that a call falls into; one that is over makes place for the next. */
function createWindows() {
  const open = new Map<string, Window>()
  return {
    clear: () => open.clear(),
    of: (call: Counted, settings: LimitSettings, nowMs: number): readonly Window[] =>
      rulesOf(call, settings).map(({ header, key, limit, ms }) => {
        const id = `${header} ${key} ${call.name}`
        const known = open.get(id)
        if (known && known.endsAt > nowMs) return known
        const next = { header, limit, endsAt: nowMs + ms, used: 0, told: false }
        open.set(id, next)
        return next
      }),
  }
}

function createCounts() {
  const all = new Map<string, { -readonly [key in keyof CallCount]: CallCount[key] }>()
  return {
    clear: () => all.clear(),
    list: () => [...all.values()].map((count) => ({ ...count })),
    of: ({ name, account }: Counted) => {
      const key = `${account} ${name}`
      const count = all.get(key) ?? { name, account, taken: 0, refused: 0, insisted: 0 }
      all.set(key, count)
      return count
    },
  }
}

export function createCallLimits(): CallLimits {
  let settings = noLimits
  const windows = createWindows()
  const counts = createCounts()
  const take: CallLimits['take'] = (call, nowMs) => {
    const own = settings.enabled ? windows.of(call, settings, nowMs) : []
    if (own.length === 0) return { headers: {} }
    const count = counts.of(call)
    const empty = own.filter(isEmpty)
    if (empty.length > 0) {
      count.refused += 1
      if (empty.some(({ told }) => told)) count.insisted += 1
    } else {
      count.taken += 1
      for (const window of own) window.used += 1
    }
    for (const window of own) window.told ||= isEmpty(window)
    const headers = headersOf(own)
    return empty.length > 0 ? { refused: tooManyRequests({ headers, style: 'problem' }) } : { headers }
  }
  return {
    set: (next) => {
      settings = next
      windows.clear()
      counts.clear()
    },
    take,
    counts: counts.list,
  }
}
