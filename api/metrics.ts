import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ChannelName } from '../domain/bot.ts'
import type { InboundEvent } from '../domain/inbound.ts'

/** Counts what comes through the doors. Labels are names of ours, never a person's or a platform's ids. */
export interface DoorMetrics {
  readonly event: (labels: {
    readonly bot: string
    readonly channel: ChannelName
    readonly kind: InboundEvent['kind'] | 'repeated'
  }) => void
  readonly answered: (labels: { readonly route: string; readonly status: number }, seconds: number) => void
}

/** How messages stand, counted when somebody asks. */
export interface Standing {
  readonly waitingEvents: number
  readonly oldestWaitingMs: number
  readonly messages: readonly {
    readonly bot: string
    readonly channel: string
    readonly outcome: string
    readonly count: number
  }[]
}

/** The metrics of the API process, and `render` for `/metrics`. */
export function createMetrics(standing: () => Promise<Standing>): DoorMetrics & {
  readonly render: () => Promise<string>
  readonly contentType: string
} {
  const registry = new Registry()
  const registers = [registry]
  const events = new Counter({
    name: 'understudy_events_total',
    help: 'Signed events at the doors; repeated ones changed nothing.',
    labelNames: ['bot', 'channel', 'kind'],
    registers,
  })
  const requests = new Histogram({
    name: 'understudy_http_seconds',
    help: 'Time to the answer of an HTTP request; for a door this is the ack.',
    labelNames: ['route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  })
  const waiting = new Gauge({
    name: 'understudy_events_waiting',
    help: 'Events whose workflow is not started.',
    registers,
  })
  const oldest = new Gauge({ name: 'understudy_events_oldest_seconds', help: 'Age of the oldest of them.', registers })
  const messages = new Gauge({
    name: 'understudy_messages',
    help: 'Messages by outcome; `open` has none yet.',
    labelNames: ['bot', 'channel', 'outcome'],
    registers,
  })
  return {
    event: ({ bot, channel, kind }) => events.inc({ bot, channel, kind }),
    answered: ({ route, status }, seconds) => requests.observe({ route, status: `${status}` }, seconds),
    contentType: registry.contentType,
    render: async () => {
      const now = await standing()
      waiting.set(now.waitingEvents)
      oldest.set(now.oldestWaitingMs / 1000)
      messages.reset()
      for (const { bot, channel, outcome, count } of now.messages) messages.set({ bot, channel, outcome }, count)
      return registry.metrics()
    },
  }
}
