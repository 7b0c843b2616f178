import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { useDatabase } from '../../test/support/database.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'
import { signInLimit } from '../rate-limits.ts'

const db = useDatabase()
const { inject, asAdmin } = useOperatorApp(db)

const { max } = signInLimit.rateLimit
const from = (remoteAddress: string, request: InjectOptions) => ({ ...request, remoteAddress })

/** How often each status was answered to so many requests, one after the other. */
async function statusesOf(
  times: number,
  ask: () => ReturnType<typeof inject>,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (let index = 0; index < times; index += 1) {
    const { statusCode } = await ask()
    counts[statusCode] = (counts[statusCode] ?? 0) + 1
  }
  return counts
}

test('who tries sign-in links from one address is told to wait, in the words of a problem', async () => {
  const guess = (address: string) => inject(from(address, { url: '/sign-in?token=a-guess' }))
  assert.deepEqual(await statusesOf(max, () => guess('192.0.2.1')), { 401: max })
  const answer = await guess('192.0.2.1')
  assert.equal(answer.statusCode, 429)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const seconds = Number(answer.headers['retry-after'])
  assert.ok(seconds >= 1 && seconds <= 60, `${seconds}`)
  assert.deepEqual(answer.json(), {
    type: 'about:blank',
    status: 429,
    title: 'Too many requests',
    detail: `Wait ${seconds} s, then try again.`,
  })
  assert.equal((await guess('192.0.2.2')).statusCode, 401, 'another address is not held up')
  const others = await asAdmin(from('192.0.2.1', { url: '/api/session' }))
  assert.equal(others.statusCode, 200, 'and neither are other routes')
})

test('links are made for an admin, but not without end; who is not signed in counts for nothing', async () => {
  const link = { method: 'POST', url: '/api/sign-in-links', payload: {} } as const
  const address = '192.0.2.3'
  assert.deepEqual(await statusesOf(max + 1, () => inject(from(address, link))), { 401: max + 1 })
  assert.deepEqual(await statusesOf(max + 1, () => asAdmin(from(address, link))), { 201: max, 429: 1 })
})
