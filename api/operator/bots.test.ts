import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { claimEvents } from '../../store/messages/inbound-events.ts'
import { finishMessage } from '../../store/messages/messages.ts'
import { useDatabase } from '../../test/support/database.ts'
import { keepMessage } from '../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { asAdmin } = useOperatorApp(db)

test('a paused bot keeps what arrives; after the pause it expires unless the operator says answer', async () => {
  const post = (url: string, payload: object = {}) => asAdmin({ method: 'POST', url: `/api/bots/${url}`, payload })
  const ask = () => asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: 'after-dark', text: 'x' } })
  const isPaused = async () => {
    const { bots } = (await asAdmin({ url: '/api/bots' })).json<{
      bots: readonly { name: string; paused: { by: string } | null }[]
    }>()
    return bots.find(({ name }) => name === 'after-dark')?.paused?.by
  }
  for (const answerAll of [false, true]) {
    assert.equal((await post('after-dark/pause')).statusCode, 200)
    assert.equal(await isPaused(), 'local-admin')
    await ask()
    assert.deepEqual(await claimEvents(db(), { limit: 10, leaseMs: 1_000 }), [])
    assert.equal((await post('after-dark/resume', { answerAll })).json<{ waited: number }>().waited, 1)
    const [event] = await claimEvents(db(), { limit: 10, leaseMs: 60_000 })
    assert.equal(event?.paused, !answerAll)
    assert.equal(await isPaused(), undefined)
    await sql`update inbound_events set started_at = now()`.execute(db())
  }
  assert.equal((await post('nobody/pause')).statusCode, 404)
})

test('the same Idempotency-Key gets the first result, does nothing more, and is refused for another request', async () => {
  const change = (action: string, payload: object, key: string) =>
    asAdmin({ method: 'POST', url: `/api/bots/after-dark/${action}`, payload, headers: { 'idempotency-key': key } })
  await change('pause', {}, 'pause it')
  await asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: 'after-dark', text: 'x' } })
  const resume = (answerAll: boolean) => change('resume', { answerAll }, 'resume it')
  const [first, again, other] = [await resume(false), await resume(false), await resume(true)]
  assert.deepEqual([first.statusCode, first.json<{ waited: number }>().waited], [200, 1])
  assert.deepEqual(again.json(), first.json())
  assert.equal(other.statusCode, 409)
  for (const key of ['', 'x'.repeat(201)]) assert.equal((await change('pause', {}, key)).statusCode, 400)
  assert.match(other.json<{ title: string }>().title, /key was used for another request/)
  const audited = await db()
    .selectFrom('audit')
    .select('action')
    .where('subject', '=', 'after-dark')
    .where('action', '=', 'bot.resumed')
    .execute()
  // Two of the test before, and one of this.
  assert.equal(audited.length, 3)
  await sql`update inbound_events set started_at = now()`.execute(db())
})

test('the figures of today leave load tests out', async () => {
  const today = async () => {
    const { bots } = (await asAdmin({ url: '/api/bots' })).json<{
      bots: readonly { name: string; today: { messages: number; failed: number } }[]
    }>()
    return bots.find(({ name }) => name === 'after-dark')?.today
  }
  const before = await today()
  const made = await keepMessage(db(), { bot: 'after-dark', businessKey: 'after-dark.s1', synthetic: true })
  await finishMessage(db(), made, { outcome: 'failed' })
  assert.deepEqual(await today(), before)
  await keepMessage(db(), { bot: 'after-dark', businessKey: 'after-dark.r1' })
  assert.equal((await today())?.messages, (before?.messages ?? 0) + 1)
})

test('a picture that nobody may see is not there, and its name is checked', async () => {
  assert.equal((await asAdmin({ url: `/api/pictures/${'0'.repeat(64)}` })).statusCode, 404)
  assert.equal((await asAdmin({ url: '/api/pictures/..%2f..%2fetc' })).statusCode, 400)
})
