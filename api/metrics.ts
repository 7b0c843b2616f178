import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ChannelName } from '../domain/label.ts'
import type { InboundEvent } from '../domain/inbound.ts'
import type { CountedState, LearningCounts } from '../store/learning/learning-counts.ts'

/** Counts what comes through the doors. Labels are names of ours, never a person's or a platform's ids. */
export interface DoorMetrics {
  readonly event: (labels: {
    readonly bot: string
    readonly channel: ChannelName
    readonly kind: InboundEvent['kind'] | 'repeated'
  }) => void
  readonly answered: (labels: { readonly route: string; readonly status: number }, seconds: number) => void
}

/** How messages and learning stand, counted when somebody asks. */
export interface Standing {
  readonly waitingEvents: number
  readonly oldestWaitingMs: number
  readonly messages: readonly {
    readonly bot: string
    readonly channel: string
    readonly outcome: string
    readonly count: number
  }[]
  readonly learning: LearningCounts
}

/** A number of the database: what it has at this moment, and what it does not have any more. */
interface Counted {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly rows: (
    now: Standing,
  ) => readonly { readonly labels: Record<string, string | number>; readonly value: number }[]
}

const byState = (rows: readonly CountedState[]) => rows.map(({ count, ...labels }) => ({ labels, value: count }))
const states = ['bot', 'state']

const counted: readonly Counted[] = [
  {
    name: 'understudy_messages',
    help: 'Messages by outcome; `open` has none yet.',
    labelNames: ['bot', 'channel', 'outcome'],
    rows: ({ messages }) => messages.map(({ count, ...labels }) => ({ labels, value: count })),
  },
  {
    name: 'understudy_corrections',
    help: 'Corrections by state.',
    labelNames: states,
    rows: ({ learning }) => byState(learning.corrections),
  },
  {
    name: 'understudy_retrains',
    help: 'Retrains by state.',
    labelNames: states,
    rows: ({ learning }) => byState(learning.retrains),
  },
  {
    name: 'understudy_rollouts',
    help: 'Rollouts by stage; those that are over by how they ended.',
    labelNames: states,
    rows: ({ learning }) => byState(learning.rollouts),
  },
  {
    name: 'understudy_blind_questions',
    help: 'What reviewers are asked to label without knowing who said what.',
    labelNames: states,
    rows: ({ learning }) => byState(learning.questions),
  },
  {
    name: 'understudy_serving_weight',
    help: 'Members of the serving sets with their share of people or threads.',
    labelNames: ['bot', 'slot', 'version', 'stage'],
    rows: ({ learning }) => learning.serving.map(({ weight, ...labels }) => ({ labels, value: weight })),
  },
]

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
  const gauges = counted.map(({ name, help, labelNames, rows }) => ({
    gauge: new Gauge({ name, help, labelNames: [...labelNames], registers }),
    rows,
  }))
  return {
    event: ({ bot, channel, kind }) => events.inc({ bot, channel, kind }),
    answered: ({ route, status }, seconds) => requests.observe({ route, status: `${status}` }, seconds),
    contentType: registry.contentType,
    render: async () => {
      const now = await standing()
      waiting.set(now.waitingEvents)
      oldest.set(now.oldestWaitingMs / 1000)
      for (const { gauge, rows } of gauges) {
        gauge.reset()
        for (const { labels, value } of rows(now)) gauge.set(labels, value)
      }
      return registry.metrics()
    },
  }
}
