import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { InboundRequest } from '../../../domain/inbound.ts'
import { claimEvents } from '../../../store/messages/inbound-events.ts'
import { acceptMessage, finishMessage } from '../../../store/messages/messages.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { keepMessage, keepReply } from '../../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../../test/support/operator-app.ts'

const db = useDatabase()
const { asAdmin, restarted } = useOperatorApp(db)

const whole = async (id: string) => (await asAdmin({ url: `/api/messages/${id}` })).json<Record<string, unknown>>()

/** The request that the latest event holds, and what the relay does with it first. */
async function relayed(): Promise<InboundRequest> {
  const [event] = await claimEvents(db(), { limit: 1, leaseMs: 60_000 })
  assert.ok(event, 'an event waits')
  return event.request
}

test('a question over HTTP is there at once, and is the same one when its message is made', async () => {
  const asked = {
    bot: 'fedora-finder',
    text: 'what is this?',
    pictures: [{ base64: Buffer.from('picture').toString('base64'), name: 'hat.png' }],
  }
  const answer = await asAdmin({ method: 'POST', url: '/api/messages', payload: asked })
  assert.equal(answer.statusCode, 202)
  const { id, workflowId } = answer.json<{ id: string; workflowId: string }>()
  const waiting = await whole(id)
  const { outcome, inputs, replies, pictures, text } = waiting
  assert.deepEqual([waiting['id'], waiting['workflowId']], [id, workflowId])
  assert.deepEqual(
    { outcome, inputs, replies, pictures, text },
    { outcome: null, inputs: [], replies: [], pictures: 1, text: asked.text },
  )
  const request = await relayed()
  assert.ok(request.kind === 'message')
  assert.match(request.message.pictures[0]?.id ?? '', /^[0-9a-f]{64}$/)
  const accepted = await acceptMessage(db(), request.message, {
    receivedAt: new Date(),
    newId: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a99',
  })
  assert.equal(accepted.workflowId, workflowId)
  await finishMessage(db(), accepted.id, { outcome: 'answered' })
  assert.equal((await whole(id))['outcome'], 'answered')
  const { person } = (await asAdmin({ url: '/api/session' })).json<{ person: { id: string } }>()
  const author = await sql<{ person_id: string }>`select person_id from messages where id = ${accepted.id}`.execute(
    db(),
  )
  assert.equal(author.rows[0]?.person_id, person.id, 'whoever asks is the person who is signed in')
  assert.equal(
    (await asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: 'nobody', text: 'x' } })).statusCode,
    404,
  )
  assert.equal(
    (await asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: asked.bot, link: 'file:///etc/passwd' } }))
      .statusCode,
    400,
  )
})

test('what failed and was not told is tried again, with an audit row; what was answered is not', async () => {
  const refused = await keepMessage(db(), { text: 'again' })
  await keepReply(db(), refused, { failure: 'token_revoked' })
  await finishMessage(db(), refused, { outcome: 'failed', reason: 'token_revoked' })
  const told = await keepMessage(db(), { text: 'again' })
  await keepReply(db(), told, { platformId: '1997000000000000777' })
  await finishMessage(db(), told, { outcome: 'answered' })
  const retry = (id: string) => asAdmin({ method: 'POST', url: `/api/messages/${id}/retry`, payload: {} })
  assert.equal((await retry(told)).statusCode, 409)
  const again = await retry(refused)
  assert.deepEqual([again.statusCode, again.json<{ id: string }>().id], [200, refused])
  assert.deepEqual(restarted.slice(-1), [refused])
  assert.equal((await whole(refused))['outcome'], null)
  const audit = await sql<{
    subject: string
  }>`select subject from audit where action = 'message.retried' and subject in (${refused}, ${told})`.execute(db())
  assert.deepEqual(
    audit.rows.map(({ subject }) => subject),
    [refused],
  )
  await finishMessage(db(), refused, { outcome: 'failed', reason: 'token_revoked' })
  const all = await asAdmin({ method: 'POST', url: '/api/messages/retry', payload: { outcome: 'failed', since: '2h' } })
  assert.ok(all.json<{ ids: readonly string[] }>().ids.includes(refused))
})
