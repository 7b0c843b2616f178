import { z } from 'zod'

/** `chat.postMessage` is about one message per second and channel, with short bursts [/apis/rate-limits]. */
export const limitShape = z.strictObject({
  enabled: z.boolean(),
  perSecond: z.number().positive().max(1000).default(1),
  burst: z.int().min(1).max(1000).default(1),
})
type LimitSettings = z.infer<typeof limitShape>

/** How often a bot may post to one channel; off until it is turned on. */
export interface ChannelLimit {
  readonly set: (settings: LimitSettings) => void
  /** @returns 0 when the post may go on, else how many seconds to wait. */
  readonly take: (channel: string, nowMs: number) => number
}

export function createChannelLimit(): ChannelLimit {
  let settings: LimitSettings = { enabled: false, perSecond: 1, burst: 1 }
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>()
  return {
    set: (next) => {
      settings = next
      buckets.clear()
    },
    take: (channel, nowMs) => {
      if (!settings.enabled) return 0
      const { perSecond, burst } = settings
      const bucket = buckets.get(channel) ?? { tokens: burst, at: nowMs }
      const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.at) / 1000) * perSecond)
      if (tokens < 1) return Math.max(1, Math.ceil((1 - tokens) / perSecond))
      buckets.set(channel, { tokens: tokens - 1, at: nowMs })
      return 0
    },
  }
}
