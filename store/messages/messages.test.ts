import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { acceptMessage, finishMessage, messageById, messageCounts, unfinishedMessages } from './messages.ts'

const db = useDatabase()
const accept = (message = messageOnX(), receivedAt = new Date()) =>
  acceptMessage(db(), message, { receivedAt, newId: randomUUID() })

test('a message keeps its first id, and its author one random id over all messages', async () => {
  const message = messageOnX()
  const first = await accept(message)
  assert.equal((await accept(message)).id, first.id)
  const other = await accept(messageOnX({ authorId: message.authorId }))
  const people = await db().selectFrom('messages').select('person_id').where('id', 'in', [first.id, other.id]).execute()
  assert.equal(new Set(people.map((row) => row.person_id)).size, 1)
  assert(!JSON.stringify(first).includes(message.authorId.padStart(3, '"')))
  assert.deepEqual((await messageById(db(), first.id)).message, { ...message, intent: 'ask', synthetic: false })
})

test('the workflow id says bot, channel and key, once each', async () => {
  const message = messageOnX()
  const { workflowId } = await accept(message)
  assert.equal(workflowId, `answer:fedora-finder:x:${message.businessKey.split('.')[1] ?? ''}`)
})

test('unfinished messages are paged by age, without gaps and without the young ones', async () => {
  const longAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const old = [
    await accept(messageOnX(), longAgo(50)),
    await accept(messageOnX(), longAgo(40)),
    await accept(messageOnX(), longAgo(40)),
  ]
  const finished = await accept(messageOnX(), longAgo(45))
  await finishMessage(db(), finished.id, { outcome: 'expired', reason: 'test' })
  await accept()
  const seen: string[] = []
  for (let after; ;) {
    const page = await unfinishedMessages(db(), { olderThanMs: 60_000, limit: 2, ...(after && { after }) })
    seen.push(...page.map(({ id }) => id))
    after = page.at(-1)
    if (page.length < 2) break
  }
  assert.deepEqual(seen.sort(), old.map(({ id }) => id).sort())
  assert((await messageCounts(db())).some(({ outcome, count }) => outcome === 'expired' && count === 1))
})
