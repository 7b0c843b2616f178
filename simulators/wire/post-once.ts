import { request } from 'node:http'
import type { Agent, IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'

/** How one request to a webhook ended. */
export interface Outcome {
  /** The HTTP status; 0 when there was no answer in time. */
  readonly status: number
  readonly failure?: 'timeout' | 'connection'
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** From the first byte sent to the last byte answered, in milliseconds. */
  readonly ms: number
}

export interface Letter {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly agent: Agent
  readonly timeoutMs: number
}

/** Only what a handshake needs is kept of an answer. */
const longestAnswer = 64 * 1024

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  response.on('data', (part: Buffer) => {
    size += part.length
    if (size <= longestAnswer) parts.push(part)
  })
  await finished(response)
  return Buffer.concat(parts).toString('utf8')
}

interface Attempt {
  readonly outcome: Outcome
  readonly staleSocket: boolean
}

function attempt(letter: Letter): Promise<Attempt> {
  const started = performance.now()
  const { promise, resolve } = withResolvers<Attempt>()
  const call = request(letter.url, {
    method: letter.method,
    agent: letter.agent,
    headers: { ...letter.headers, ...(letter.method === 'POST' && { 'content-length': `${letter.body.length}` }) },
  })
  const end = (outcome: Omit<Outcome, 'ms'>, staleSocket = false) => {
    clearTimeout(timer)
    resolve({ outcome: { ...outcome, ms: Math.round((performance.now() - started) * 10) / 10 }, staleSocket })
  }
  const timer = setTimeout(() => {
    end({ status: 0, failure: 'timeout', headers: {}, body: '' })
    call.destroy()
  }, letter.timeoutMs)
  call.on('error', (error: NodeJS.ErrnoException) =>
    end({ status: 0, failure: 'connection', headers: {}, body: '' }, call.reusedSocket && error.code === 'ECONNRESET'),
  )
  call.on('response', (response) => {
    const { statusCode: status = 0, headers } = response
    textOf(response).then(
      (body) => end({ status, headers, body }),
      () => end({ status: 0, failure: 'connection', headers, body: '' }),
    )
  })
  call.end(letter.body)
  return promise
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Sends one request and never rejects. A kept connection that the other side closed meanwhile is not an answer: it is sent anew. */
export async function postOnce(letter: Letter): Promise<Outcome> {
  const first = await attempt(letter)
  return first.staleSocket ? (await attempt(letter)).outcome : first.outcome
}
