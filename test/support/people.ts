import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Stack } from './stack.ts'

/* What people and tests do on the simulated platforms, through their control side. */

export interface Picture {
  readonly name: string
  readonly base64: string
  readonly mimetype?: string
  /** Whatever else the simulator takes. */
  readonly [extra: string]: unknown
}

/** How the platform delivers the event: identical copies at once, twins, and again under new event ids. */
export interface Deliveries {
  readonly copies?: number
  readonly twins?: boolean
  readonly newEventIds?: number
}

export interface Fault {
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

/** One platform, as the tests of both see it: the same words for Slack and X. */
export interface SimulatedPlatform {
  readonly channel: 'slack' | 'x'
  /** A person asks the bot, in a channel of their own choice or in public. @returns the id of the message. */
  readonly ask: (question: Question) => Promise<string>
  /** The bot's visible replies to that message. */
  readonly repliesTo: (id: string) => Promise<readonly VisibleReply[]>
  /** Every visible reply of the bot, by the message that it answers. */
  readonly allReplies: () => Promise<ReadonlyMap<string, readonly VisibleReply[]>>
  readonly redeliver: (
    id: string,
    options?: { readonly newEventId?: boolean; readonly times?: number },
  ) => Promise<void>
  readonly faults: (fault: Omit<Fault, 'method'>) => Promise<void>
  /** The platform's retry schedule runs this many times faster. */
  readonly clock: (scale: number) => Promise<void>
  readonly workflowId: (id: string) => string
  readonly deliveries: () => Promise<readonly Delivery[]>
}

export interface Question {
  readonly text?: string
  readonly pictures?: readonly Picture[]
  readonly deliveries?: Deliveries
  /** Slack: the channel. Questions in different channels do not wait for each other's rate limit. */
  readonly place?: string
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

async function call<T>(shape: z.ZodType<T>, url: string, body?: unknown): Promise<T> {
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
async function tell(url: string, body: unknown): Promise<void> {
  await call(z.unknown(), url, body)
}

const bot = 'fedora-finder'
const handle = 'fedora_finder'

const grouped = (replies: readonly (VisibleReply & { readonly to: string | undefined })[]) => {
  const groups = new Map<string, VisibleReply[]>()
  for (const { to, id, text } of replies)
    if (to !== undefined) groups.set(to, [...(groups.get(to) ?? []), { id, text }])
  return groups
}

export function xPlatform({ urls }: Pick<Stack, 'urls'>): SimulatedPlatform {
  const posts = z.object({
    posts: z.array(z.looseObject({ id: z.string(), text: z.string(), inReplyTo: z.string().nullish() })),
  })
  const allReplies = async () => {
    const found = await call(posts, `${urls.x}/_sim/posts?account=${handle}`)
    return grouped(found.posts.map(({ id, text, inReplyTo }) => ({ id, text, to: inReplyTo ?? undefined })))
  }
  return {
    channel: 'x',
    ask: async ({ text = 'what is this?', pictures = [], deliveries, extra, place = 'ada' }) => {
      const body = {
        author: place,
        text: `@${handle} ${text}`,
        media: pictures,
        ...(deliveries && { deliveries }),
        ...extra,
      }
      return (await call(z.looseObject({ id: z.string() }), `${urls.x}/_sim/posts`, body)).id
    },
    repliesTo: async (id) => (await allReplies()).get(id) ?? [],
    allReplies,
    redeliver: (id, options = {}) => tell(`${urls.x}/_sim/redeliver`, { id, ...options }),
    faults: (fault) => tell(`${urls.x}/_sim/faults`, { method: 'tweets', ...fault }),
    clock: (scale) => tell(`${urls.x}/_sim/clock`, { scale }),
    workflowId: (id) => `answer:${bot}:x:${id}`,
    deliveries: async () =>
      (await call(z.object({ deliveries: z.array(delivery) }), `${urls.x}/_sim/deliveries`)).deliveries,
  }
}

const slackPlace = 'C0GENERAL'

/** On Slack a message is named by `channel/ts`. */
export function slackPlatform({ urls, secrets }: Pick<Stack, 'urls' | 'secrets'>): SimulatedPlatform {
  const app = secrets.bots[bot]?.slack
  if (app === undefined) throw new Error('the bot is on Slack')
  const posts = z.object({
    posts: z.array(
      z.looseObject({
        ts: z.string(),
        channel: z.string(),
        text: z.string(),
        thread_ts: z.string().nullish(),
        bot_id: z.string().nullish(),
      }),
    ),
  })
  const split = (id: string) => {
    const [channel = '', ts = ''] = id.split('/')
    return { channel, ts }
  }
  const allReplies = async (query = '') => {
    const found = await call(posts, `${urls.slack}/_sim/posts${query}`)
    const ofBot = found.posts.filter((post) => typeof post.bot_id === 'string')
    return grouped(
      ofBot.map(({ ts, channel, text, thread_ts: root }) => ({
        id: ts,
        text,
        to: root ? `${channel}/${root}` : undefined,
      })),
    )
  }
  return {
    channel: 'slack',
    ask: async ({ text = 'what is this?', pictures, deliveries, extra, place = slackPlace }) => {
      const body = {
        bot,
        channel: place,
        user: 'U0ADA',
        text: `<@${app.botUserId}> ${text}`,
        ...(pictures && { files: pictures }),
        ...(deliveries && { deliveries }),
        ...extra,
      }
      const { ts } = await call(z.looseObject({ ts: z.string() }), `${urls.slack}/_sim/messages`, body)
      return `${place}/${ts}`
    },
    repliesTo: async (id) => (await allReplies(`?channel=${split(id).channel}`)).get(id) ?? [],
    allReplies: () => allReplies(),
    redeliver: (id, options = {}) => tell(`${urls.slack}/_sim/redeliver`, { ...split(id), ...options }),
    faults: (fault) => tell(`${urls.slack}/_sim/faults`, { method: 'chat.postMessage', ...fault }),
    clock: (scale) => tell(`${urls.slack}/_sim/clock`, { scale }),
    workflowId: (id) => `answer:${bot}:slack:${app.team}.${split(id).channel}.${split(id).ts}`,
    deliveries: async () =>
      (await call(z.object({ deliveries: z.array(delivery) }), `${urls.slack}/_sim/deliveries`)).deliveries,
  }
}

export const platformsOf = (stack: Stack): readonly SimulatedPlatform[] => [xPlatform(stack), slackPlatform(stack)]

/** Asks again and again until `look` gives something, for at most `timeoutMs`. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  options: { readonly timeoutMs: number; readonly what: string },
): Promise<T> {
  const until = Date.now() + options.timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited ${options.timeoutMs} ms in vain for ${options.what}`)
    await sleep(50)
  }
}

/** The first visible reply to a message. */
export const replyTo = (platform: SimulatedPlatform, id: string, timeoutMs = 30_000): Promise<VisibleReply> =>
  eventually(async () => (await platform.repliesTo(id))[0], { timeoutMs, what: `a reply on ${platform.channel}` })
