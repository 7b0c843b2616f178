import { type Random, seededRandom, shuffled } from '../../../domain/model/seeded-random.ts'

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

/** The next call of a method of the platform fails so. */
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
  /** How the first call that would answer it fails, or that of another event which is answered the same way just then. */
  readonly fault: Fault | undefined
}

/** Channels of the workspace in which people talk; with those who write in private it is more than 100 places. */
const channels = 60
/** Of every so many events one is answered under a fault. */
const faultRound = 4
const againShare = 0.2

const pick = <T>(items: readonly [T, ...T[]], random: Random): T =>
  items[Math.floor(random() * items.length)] ?? items[0]

/** The call that answers such an event. */
const answeredBy = (kind: Kind): Pick<Fault, 'at' | 'method'> => {
  if (kind === 'correction by menu') return { at: 'slack', method: 'chat.postEphemeral' }
  if (kind === 'message on X') return { at: 'x', method: 'dm' }
  return kind.includes('on X') ? { at: 'x', method: 'tweets' } : { at: 'slack', method: 'chat.postMessage' }
}

/** Before the reply is accepted, or after: 429, 5xx and connections that break. */
function faultOf(kind: Kind, random: Random): Fault {
  const how = pick(['rate_limited', 'status', 'reset_after_accept'] as const, random)
  const status = how === 'status' && { status: pick([500, 502, 503], random) }
  return { ...answeredBy(kind), kind: how, times: 1, ...status }
}

/** Which events are answered under a fault: one in every round, so that no seed makes an easy run. */
const faulty = (times: number, random: Random): ReadonlySet<number> =>
  new Set(
    Array.from(
      { length: Math.ceil(times / faultRound) },
      (_, round) => round * faultRound + Math.floor(random() * faultRound),
    ),
  )

function eventOf(number: number, options: { readonly random: Random; readonly fails: boolean }): PlannedEvent {
  const { random, fails } = options
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
    fault: fails ? faultOf(kind, random) : undefined,
  }
}

/** Events of all kinds in an order that only the seed knows. */
export function planOf(times: number, seed: number): readonly PlannedEvent[] {
  const random = seededRandom(seed)
  const fails = faulty(times, random)
  return shuffled(
    Array.from({ length: times }, (_, number) => eventOf(number, { random, fails: fails.has(number) })),
    random,
  )
}
