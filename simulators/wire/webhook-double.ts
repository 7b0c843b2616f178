import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { json } from './exchange.ts'
import type { Exchange, Reply } from './exchange.ts'
import { listen } from './server.ts'

/** A webhook for tests: keeps what came, and answers as told. */
export interface WebhookDouble {
  readonly url: string
  readonly received: Exchange[]
  /** Answers everything from now on; by default 200. */
  readonly answerWith: (answer: (exchange: Exchange) => Reply | Promise<Reply>) => void
}

/** Starts a webhook that ends with the test. */
export async function webhookDouble(context: TestContext): Promise<WebhookDouble> {
  const received: Exchange[] = []
  let answer: (exchange: Exchange) => Reply | Promise<Reply> = () => json({})
  const server = await listen(
    (exchange) => {
      received.push(exchange)
      return answer(exchange)
    },
    { port: 0 },
  )
  context.after(server.close)
  return {
    url: server.url,
    received,
    answerWith: (next) => {
      answer = next
    },
  }
}

/** A folder that goes with the test. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-simulator-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Waits until the condition holds. @throws Error after `withinMs`. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come true within ${withinMs} ms`)
    await sleep(10)
  }
}

/** A control call: the JSON that came back, with its status. */
export async function control(
  base: string,
  call: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }> {
  const [method = 'GET', path = '/'] = call.split(' ')
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, json: (await response.json()) as Readonly<Record<string, unknown>> }
}
