import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { acceptMessage, finishMessage, messageById } from './messages.ts'
import {
  beginSending,
  intendReply,
  recordNotSent,
  recordSent,
  recordUnconfirmed,
  recordUndeliverable,
  recordUnknown,
} from './replies.ts'

const db = useDatabase()

async function newReply(kind: 'choice' | 'apology' = 'choice') {
  const { id, workflowId } = await acceptMessage(db(), messageOnX(), { receivedAt: new Date(), newId: randomUUID() })
  const intent = { key: `${workflowId}:reply`, messageId: id, kind, text: 'fedora: 87 % likely' }
  return { intent, reply: await intendReply(db(), intent) }
}

test('a second intent finds the first one, with its text', async () => {
  const { intent, reply } = await newReply()
  const again = await intendReply(db(), { ...intent, kind: 'apology', text: 'sorry' })
  assert.deepEqual([again.text, again.kind, again.createdAt], [reply.text, 'choice', reply.createdAt])
})

test('of two attempts that read the same row, one may send', async () => {
  const { reply } = await newReply()
  const turns = await Promise.all([beginSending(db(), reply), beginSending(db(), reply)])
  assert.deepEqual(turns.sort(), [false, true])
})

test('an attempt of unknown delivery stays visible as such; one that was not sent leaves no trace', async () => {
  const { intent, reply } = await newReply()
  await beginSending(db(), reply)
  await recordUnknown(db(), reply.key, 'timeout')
  const unknown = await intendReply(db(), intent)
  assert.equal(unknown.state, 'sending')
  assert((unknown.sending?.ageMs ?? -1) >= 0)
  await recordNotSent(db(), reply.key, 'refused')
  assert.equal((await intendReply(db(), intent)).sending, undefined)
})

test('a sent reply ends its message, and nothing changes it afterwards', async () => {
  const { intent, reply } = await newReply()
  await beginSending(db(), reply)
  await recordSent(db(), reply, { platformId: 'p1', adopted: false, outcome: 'answered' })
  await recordSent(db(), reply, { platformId: 'p2', adopted: true, outcome: 'refused' })
  await recordUndeliverable(db(), reply, { failure: 'archived', ends: true })
  await finishMessage(db(), intent.messageId, { outcome: 'failed' })
  const sent = await intendReply(db(), intent)
  assert.deepEqual([sent.state, sent.platformId], ['sent', 'p1'])
  assert.equal(await beginSending(db(), sent), false)
  assert.equal((await messageById(db(), intent.messageId)).outcome, 'answered')
})

test('an undeliverable reply fails its message with the reason', async () => {
  const { intent, reply } = await newReply()
  await recordUndeliverable(db(), reply, { failure: 'is_archived', ends: true })
  assert.equal((await intendReply(db(), intent)).state, 'undeliverable')
  assert.equal((await messageById(db(), intent.messageId)).outcome, 'failed')
})

test('what one person alone could see is recorded as unconfirmed, and the message ends as it was to end', async () => {
  const { intent, reply } = await newReply()
  await beginSending(db(), reply)
  await recordUnconfirmed(db(), reply, { failure: 'timeout', outcome: 'answered' })
  assert.equal((await intendReply(db(), intent)).state, 'unconfirmed')
  assert.equal((await messageById(db(), intent.messageId)).outcome, 'answered')
  assert.equal(await beginSending(db(), await intendReply(db(), intent)), false, 'nobody sends it again')
})
