import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { LocalProblem } from '../problem.ts'
import { drawPicture } from './picture.ts'

/** What happened to the first question. */
export interface Demonstration {
  readonly bot: string
  readonly question: { readonly id: string; readonly author: string; readonly text: string }
  readonly workflowId: string
  readonly reply: { readonly id: string; readonly text: string }
  /** Milliseconds: until our door acknowledged the event, and until the reply could be seen. */
  readonly ms: { readonly ack: number; readonly reply: number }
}

export interface DemonstrationOptions {
  readonly xSimulator: string
  readonly bot: string
  readonly handle: string
  readonly timeoutMs: number
  readonly status: (line: string) => void
  readonly signal: AbortSignal
}

const posted = z.looseObject({ id: z.string() })
const posts = z.looseObject({
  posts: z.array(z.looseObject({ id: z.string(), text: z.string(), inReplyTo: z.string().nullish() })),
})
const deliveries = z.looseObject({
  deliveries: z.array(
    z.looseObject({ postId: z.string().nullish(), status: z.number().nullish(), ms: z.number().nullish() }),
  ),
})

/** Asks a simulator; what it answers must have the shape it promised. */
async function ask<T>(url: string, shape: z.ZodType<T>, init: RequestInit): Promise<T> {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`the X simulator answered ${response.status} to ${new URL(url).pathname}`)
  return shape.parse(await response.json())
}

async function waitForReply(options: DemonstrationOptions, questionId: string, start: number) {
  const { xSimulator, handle, signal, timeoutMs } = options
  while (performance.now() - start < timeoutMs) {
    const list = await ask(`${xSimulator}/_sim/posts?account=${handle}`, posts, { signal })
    const reply = list.posts.find(({ inReplyTo }) => inReplyTo === questionId)
    if (reply) return { id: reply.id, text: reply.text }
    options.status(`  waiting for the bot's answer … ${Math.round((performance.now() - start) / 1000)} s`)
    await sleep(25, undefined, { signal })
  }
  throw new LocalProblem(
    `${options.bot} did not answer within ${timeoutMs / 1000} s`,
    `open the Temporal UI and look at answer:${options.bot}:x:${questionId}, or read the logs of relay, conversations and inference`,
  )
}

/** How long our door took for the delivery that it accepted; the events of one post are delivered side by side, so the slowest counts. */
async function acknowledgement({ xSimulator, signal }: DemonstrationOptions, questionId: string): Promise<number> {
  const list = await ask(`${xSimulator}/_sim/deliveries`, deliveries, { signal })
  const accepted = list.deliveries.filter(({ postId, status }) => postId === questionId && status === 200)
  return Math.max(0, ...accepted.map(({ ms }) => ms ?? 0))
}

/**
 * A simulated person on X posts a picture and mentions the bot; resolves when the bot's one reply can be seen.
 * @throws LocalProblem when no reply comes in time.
 */
export async function demonstrate(options: DemonstrationOptions): Promise<Demonstration> {
  const { xSimulator, bot, handle, signal } = options
  const picture = await drawPicture()
  const question = { author: 'ada', text: `@${handle} what is this?` }
  const body = JSON.stringify({ ...question, media: [{ name: 'picture.png', base64: picture.toString('base64') }] })
  const start = performance.now()
  const headers = { 'content-type': 'application/json' }
  const { id } = await ask(`${xSimulator}/_sim/posts`, posted, { method: 'POST', headers, body, signal })
  const reply = await waitForReply(options, id, start)
  const replyMs = performance.now() - start
  const ack = await acknowledgement(options, id)
  const ms = { ack: Math.round(ack * 10) / 10, reply: Math.round(replyMs) }
  return { bot, question: { id, ...question }, workflowId: `answer:${bot}:x:${id}`, reply, ms }
}
