import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { asked, type Message, message } from '../../api/contract/messages.ts'
import type { CorrectionState } from '../../domain/correction.ts'
import { eventually, type Picture } from '../support/platforms/platform.ts'
import type { Stack } from '../support/stack.ts'

/* The operator API as whoever sits at the machine uses it. What it tells of a message is read by the contract, as the pages read it. */

/** Opens the API of a stack that has it as `LOCAL_ADMIN_TOKEN`. */
export const adminToken = randomBytes(24).toString('base64url')

/** What the API answered. */
interface Answered {
  readonly status: number
  readonly body: unknown
}

interface Operator {
  readonly get: (path: string) => Promise<Answered>
  readonly post: (path: string, body?: object) => Promise<Answered>
  /** Asks over HTTP. */
  readonly ask: (
    bot: string,
    question: { readonly text?: string; readonly pictures?: readonly Picture[] },
  ) => Promise<z.infer<typeof asked>>
  readonly message: (id: string) => Promise<Message>
  /** The message, once it is as `fits` wants it. */
  readonly messageWhen: (id: string, fits: (message: Message) => boolean, what: string) => Promise<Message>
}

/** @throws Error with the path and the answer when a call that must work does not. */
export function operatorOf({ urls: { api } }: Pick<Stack, 'urls'>): Operator {
  const call = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const headers = { authorization: `Bearer ${adminToken}`, ...(init.body && { 'content-type': 'application/json' }) }
    const response = await fetch(`${api}${path}`, { ...init, headers, signal: AbortSignal.timeout(60_000) })
    const body: unknown = await response.json()
    // A machine that is too busy says so before it does anything, and when to come again.
    const wait = response.status === 503 ? response.headers.get('retry-after') : null
    if (wait === null) return { status: response.status, body }
    await sleep(Number(wait) * 1_000)
    return call(path, init)
  }
  const get: Operator['get'] = (path) => call(path)
  const post: Operator['post'] = (path, body) =>
    call(path, { method: 'POST', ...(body && { body: JSON.stringify(body) }) })
  const expect = async <T>(shape: z.ZodType<T>, status: number, answered: Promise<Answered>): Promise<T> => {
    const { status: found, body } = await answered
    if (found !== status) throw new Error(`the operator API answered ${found}: ${JSON.stringify(body)}`)
    return shape.parse(body)
  }
  const one = (id: string) => expect(message, 200, get(`/api/messages/${id}`))
  return {
    get,
    post,
    ask: (bot, { text = 'what is this?', pictures = [] }) => {
      const sent = pictures.map(({ name, base64 }) => ({ name, base64 }))
      return expect(asked, 202, post('/api/messages', { bot, text, pictures: sent }))
    },
    message: one,
    messageWhen: (id, fits, what) =>
      eventually(
        async () => {
          const found = await one(id)
          return fits(found) ? found : undefined
        },
        { timeoutMs: 45_000, what },
      ),
  }
}

/** Whether people have brought the first input to this state. */
export const isSettledAs =
  (state: CorrectionState) =>
  ({ inputs }: Message): boolean =>
    inputs[0]?.correction?.state === state

/**
 * Asks over HTTP, and says as the reviewer who sits at the machine that the answer should have been another one of two labels.
 * @returns the message, whose correction is accepted.
 */
export async function correctedQuestion(
  stack: Pick<Stack, 'urls'>,
  question: { readonly bot: string; readonly text: string; readonly labels: readonly [string, string] },
): Promise<string> {
  const { ask, messageWhen, post } = operatorOf(stack)
  const { bot, text, labels } = question
  const { id } = await ask(bot, { text })
  const { inputs } = await messageWhen(id, ({ outcome }) => outcome === 'answered', `the answer to ${text}`)
  const label = inputs[0]?.choice?.label === labels[0] ? labels[1] : labels[0]
  const { status } = await post('/api/corrections', { prediction: id, label })
  if (status !== 202) throw new Error(`the correction was answered with ${status}`)
  await messageWhen(id, isSettledAs('accepted'), 'an accepted correction')
  return id
}
