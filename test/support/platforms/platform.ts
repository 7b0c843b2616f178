import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/* What people and tests do on a simulated platform, through its control side. */

export interface Picture {
  readonly name: string
  readonly base64: string
  readonly mimetype?: string
  /** Whatever else the simulator takes. */
  readonly [extra: string]: unknown
}

/** How the platform delivers the event: identical copies at once, twins, and again under new event ids. */
interface Deliveries {
  readonly copies?: number
  readonly twins?: boolean
  readonly newEventIds?: number
}

interface Fault {
  readonly method: string
  readonly kind:
    'status' | 'timeout_after_accept' | 'reset_after_accept' | 'rate_limited' | 'slow' | 'html' | 'ok_false'
  readonly times: number
  readonly status?: number
  readonly retryAfter?: number
  readonly ms?: number
  readonly error?: string
}

/** A visible post of the bot. */
export interface VisibleReply {
  readonly id: string
  readonly text: string
}

/** A place where people ask and the bot answers. */
export interface Conversation {
  readonly channel: 'slack' | 'x'
  /** A person asks the bot. @returns the id of the message. */
  readonly ask: (question: Question) => Promise<string>
  /** The bot's visible replies to that message. */
  readonly repliesTo: (id: string) => Promise<readonly VisibleReply[]>
  readonly workflowId: (id: string) => string
}

/** One platform, as the tests of both see it: the same words for Slack and X. */
export interface SimulatedPlatform extends Conversation {
  /** Every visible reply of the bot, by the message that it answers. */
  readonly allReplies: () => Promise<ReadonlyMap<string, readonly VisibleReply[]>>
  readonly redeliver: (
    id: string,
    options?: { readonly newEventId?: boolean; readonly times?: number },
  ) => Promise<void>
  readonly faults: (fault: Omit<Fault, 'method'>) => Promise<void>
  /** The platform's retry schedule runs this many times faster. */
  readonly clock: (scale: number) => Promise<void>
  /** The pictures of that message are deleted at the platform. */
  readonly deletePictures: (id: string) => Promise<void>
  readonly deliveries: () => Promise<readonly Delivery[]>
}

export interface Question {
  readonly text?: string
  readonly pictures?: readonly Picture[]
  readonly deliveries?: Deliveries
  /**
   * Slack: the channel, `D…` for direct messages; questions in different channels do not wait for each other's rate limit.
   * X: the handle of the person.
   */
  readonly place?: string
  /** Whatever else the simulator takes; what is named here wins. */
  readonly extra?: Readonly<Record<string, unknown>>
}

const delivery = z.looseObject({
  eventId: z.string(),
  status: z.number(),
  ms: z.number(),
  attempt: z.number(),
  /** Milliseconds since the epoch. */
  at: z.union([z.number(), z.string()]).transform((at) => (typeof at === 'number' ? at : Date.parse(at))),
  postId: z.string().optional(),
  messageId: z.string().optional(),
  ts: z.string().optional(),
})
/** One attempt of the platform to deliver an event; `status` 0 is no answer. */
export type Delivery = z.infer<typeof delivery>

/** Every attempt to deliver that a simulator remembers. */
export const deliveriesOf = async (simulator: string): Promise<readonly Delivery[]> =>
  (await call(z.object({ deliveries: z.array(delivery) }), `${simulator}/_sim/deliveries`)).deliveries

/** Calls a simulator's control side: GET, or POST when there is a body. @throws Error with what it answered. */
export async function call<T>(shape: z.ZodType<T>, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    ...(body !== undefined && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${await response.text()}`)
  return shape.parse(await response.json())
}

/** A call whose answer does not matter. */
export async function tell(url: string, body: unknown): Promise<void> {
  await call(z.unknown(), url, body)
}

/** Replies by the message that they answer; one that answers none is left out. */
export function grouped(
  replies: readonly (VisibleReply & { readonly to: string | undefined })[],
): ReadonlyMap<string, readonly VisibleReply[]> {
  const groups = new Map<string, VisibleReply[]>()
  for (const { to, id, text } of replies)
    if (to !== undefined) groups.set(to, [...(groups.get(to) ?? []), { id, text }])
  return groups
}

/** A machine that is busy with other things may take this many times as long, and nothing is wrong. */
const patience = 5

/** Asks again and again until `look` gives something. `timeoutMs` is more than a quiet machine needs; a busy one gets longer. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  options: { readonly timeoutMs: number; readonly what: string },
): Promise<T> {
  const until = Date.now() + options.timeoutMs * patience
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited ${options.timeoutMs * patience} ms in vain for ${options.what}`)
    await sleep(50)
  }
}

/** The first visible reply to a message. */
export const replyTo = (place: Conversation, id: string, timeoutMs = 30_000): Promise<VisibleReply> =>
  eventually(async () => (await place.repliesTo(id))[0], { timeoutMs, what: `a reply on ${place.channel}` })
