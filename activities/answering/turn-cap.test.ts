import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { SlackAddress } from '../../domain/address.ts'
import type { InboundMessage } from '../../domain/inbound.ts'
import { acceptMessage, messageById } from '../../store/messages/messages.ts'
import { testBot } from '../../test/support/bots.ts'
import { platform } from '../../test/support/messages/correction-scene.ts'
import { answered, messageInSlack } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { createReplyToMessage } from './reply-to-message.ts'
import { heedTurnCap } from './turn-cap.ts'

const db = useDatabase()

const botOf = () => testBot({ turnsPerThread: 2 })
const inThread = (channelId: string, threadTs: string): SlackAddress => ({
  kind: 'slack-thread',
  team: 'T1',
  channelId,
  threadTs,
})
const heeds = (address: SlackAddress, overrides: Partial<InboundMessage> = {}) =>
  heedTurnCap({ db: db(), botOf }, messageInSlack({ address, ...overrides }))
const answersIn = async (address: SlackAddress, times: number) => {
  for (let time = 0; time < times; time += 1) await answered(db(), { message: { address } })
}
const capped = { kind: 'refused', refusal: 'enough-said' }

test('a thread is answered as often as its bot may, and no other one is touched', async () => {
  const thread = inThread('C1', '1.1')
  await answersIn(thread, 1)
  assert.equal(await heeds(thread), undefined)
  await answersIn(thread, 1)
  assert.deepEqual(await heeds(thread), capped)
  assert.equal(await heeds(inThread('C1', '1.2')), undefined)
  assert.equal(await heeds(inThread('C2', '1.1')), undefined)
  assert.equal(await heeds(thread, { bot: 'another-bot' }), undefined)
})

test('direct messages are one conversation', async () => {
  await answersIn(inThread('D1', '2.1'), 1)
  await answersIn(inThread('D1', '2.2'), 1)
  assert.deepEqual(await heeds(inThread('D1', '2.3')), capped)
})

test('what was said more than an hour ago does not count', async () => {
  const thread = inThread('C3', '3.1')
  await answersIn(thread, 3)
  await sql`update replies set sent_at = now() - interval '61 minutes' where message_id in
            (select id from messages where address ->> 'threadTs' = '3.1')`.execute(db())
  assert.equal(await heeds(thread), undefined)
})

test('load tests and scores for a correction are not turns', async () => {
  const thread = inThread('C4', '4.1')
  await answersIn(thread, 2)
  assert.equal(await heeds(thread, { synthetic: true }), undefined)
  assert.equal(await heeds(thread, { intent: 'score-only' }), undefined)
  assert.equal(await heeds(thread, { address: { kind: 'x-post', accountId: '1', postId: '2' } }), undefined)
})

test('all who write at once share one notice; from then on there is silence, until an hour is over', async () => {
  const thread = inThread('C5', '5.1')
  await answersIn(thread, 2)
  const { posts, channel } = platform()
  const deps = { db: db(), botOf, channelOf: () => channel, at: () => undefined }
  const reply = createReplyToMessage({ ...deps, clock: () => 0 })
  const asks = async () => {
    const accepted = { receivedAt: new Date(), newId: randomUUID() }
    return (await acceptMessage(db(), messageInSlack({ address: thread }), accepted)).id
  }
  const ids = [await asks(), await asks()]
  for (const messageId of ids) {
    const { outcome } = await reply({ messageId, answer: { kind: 'refusal', refusal: 'enough-said' } })
    assert.equal(outcome, 'refused')
    assert.equal((await messageById(db(), messageId)).outcome, 'refused')
  }
  assert.deepEqual(
    posts.map(({ text }) => text),
    ['enough-said'],
  )
  assert.deepEqual(await heeds(thread), { kind: 'silent', reason: 'enough-said' })
  await sql`update replies set sent_at = now() - interval '61 minutes'`.execute(db())
  assert.equal(await heeds(thread), undefined)
})
