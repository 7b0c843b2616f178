import { z } from 'zod'
import type { Reply } from '../wire/exchange.ts'
import { tooManyRequests } from './problems.ts'

const windowMs = 15 * 60_000

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

export const limitShape = z.strictObject({
  enabled: z.boolean(),
  /** Overrules the platform's numbers, by short name. */
  limits: z.record(z.string(), z.int().min(0)).default({}),
  /** Overrules the window. */
  windowMs: z.int().min(100).default(windowMs),
})
export type LimitSettings = z.infer<typeof limitShape>

export const noLimits: LimitSettings = { enabled: false, limits: {}, windowMs }

/** How often an account may call; off until it is turned on. */
export interface CallLimits {
  readonly set: (settings: LimitSettings) => void
  /** Counts one call. @returns the 429 when there were too many, else the headers of the answer. */
  readonly take: (
    call: { readonly name: string; readonly account: string },
    nowMs: number,
  ) => { readonly refused: Reply } | { readonly headers: Readonly<Record<string, string>> }
}

export function createCallLimits(): CallLimits {
  let settings = noLimits
  const windows = new Map<string, { used: number; readonly endsAt: number }>()
  return {
    set: (next) => {
      settings = next
      windows.clear()
    },
    take: ({ name, account }, nowMs) => {
      const limit = settings.limits[name] ?? platformLimits[name]
      if (!settings.enabled || limit === undefined) return { headers: {} }
      const key = `${account} ${name}`
      const open = windows.get(key)
      const window = open && open.endsAt > nowMs ? open : { used: 0, endsAt: nowMs + settings.windowMs }
      windows.set(key, window)
      const reset = Math.ceil(window.endsAt / 1000)
      if (window.used >= limit) return { refused: tooManyRequests({ limit, reset, style: 'problem' }) }
      window.used += 1
      const headers = {
        'x-rate-limit-limit': `${limit}`,
        'x-rate-limit-remaining': `${limit - window.used}`,
        'x-rate-limit-reset': `${reset}`,
      }
      return { headers }
    },
  }
}
