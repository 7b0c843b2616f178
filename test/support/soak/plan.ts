import { type Random, seededRandom, shuffled } from '../../../domain/seeded-random.ts'

/** What people do in the soak, as often as they are listed. */
const mix = [
  'mention',
  'mention with a picture',
  'direct message',
  'command with a link',
  'mention with a picture',
  'reply in a thread',
  'correction by menu',
  'mention on X',
  'message on X',
  'mention on X with a picture',
] as const
export type Kind = (typeof mix)[number]

/** One of the next calls of a method of the platform fails so. */
export interface Fault {
  readonly at: 'slack' | 'x'
  readonly method: string
  readonly kind: 'rate_limited' | 'status' | 'reset_after_accept'
  readonly times: number
  readonly status?: number
}

/** One thing that one person does. */
export interface PlannedEvent {
  readonly number: number
  readonly kind: Kind
  /** The person's id in Slack, or handle on X; one of its own for whatever can be told only to a person. */
  readonly person: string
  readonly channel: string
  /** The event that is corrected, for a correction. */
  readonly corrects: number
  readonly deliveries: { readonly copies: number; readonly twins: boolean; readonly newEventIds: number }
  /** Delivered once more when everything else was said. */
  readonly again: boolean
  /** How one of the next posts fails. */
  readonly fault: Fault | undefined
}

/** Channels of the workspace in which people talk; with those who write in private it is more than 100 places. */
const channels = 60
const faultShare = 0.12
const againShare = 0.2

const pick = <T>(items: readonly [T, ...T[]], random: Random): T =>
  items[Math.floor(random() * items.length)] ?? items[0]

/** Before the reply is accepted, or after: 429, 5xx and connections that break. */
function faultOf(random: Random): Fault {
  const at = pick(['slack', 'slack', 'x'] as const, random)
  const method =
    at === 'slack' ? pick(['chat.postMessage', 'chat.postEphemeral'], random) : pick(['tweets', 'dm'], random)
  const kind = pick(['rate_limited', 'status', 'reset_after_accept'] as const, random)
  return { at, method, kind, times: 1, ...(kind === 'status' && { status: pick([500, 502, 503], random) }) }
}

function eventOf(number: number, random: Random): PlannedEvent {
  const kind = mix[number % mix.length] ?? 'mention'
  const block = number - (number % mix.length)
  return {
    number,
    kind,
    person: kind.includes('X') ? `soak${number}` : `U0SOAK${number}`,
    channel: `C0SOAK${Math.floor(random() * channels)}`,
    corrects: block + mix.indexOf('mention with a picture'),
    deliveries: {
      copies: 1 + Math.floor(random() * 4),
      twins: random() < 0.5,
      newEventIds: Math.floor(random() * 2),
    },
    again: random() < againShare,
    fault: random() < faultShare ? faultOf(random) : undefined,
  }
}

/** Events of all kinds in an order that only the seed knows. */
export function planOf(times: number, seed: number): readonly PlannedEvent[] {
  const random = seededRandom(seed)
  return shuffled(
    Array.from({ length: times }, (_, number) => eventOf(number, random)),
    random,
  )
}
