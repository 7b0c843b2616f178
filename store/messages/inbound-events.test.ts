import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useDatabase } from '../../test/support/database.ts'
import { delivery, messageOnX } from '../../test/support/messages/messages.ts'
import { pauseBot } from '../pauses.ts'
import { claimEvents, markStarted, recordEvent, parkedEvents, releaseEvent, waitingEvents } from './inbound-events.ts'

const db = useDatabase()
const door = { bot: 'fedora-finder', channel: 'x' } as const
const lease = { limit: 50, leaseMs: 60_000 }

test('the same delivery, and another delivery of the same message, are stored once', async () => {
  const message = messageOnX()
  const event = delivery(message)
  const stored = await Promise.all([event, event, delivery(message)].map((each) => recordEvent(db(), each, door)))
  assert.deepEqual(
    stored.filter((isNew) => isNew),
    [true],
  )
  const [claimed, ...others] = await claimEvents(db(), lease)
  assert.deepEqual(claimed?.request, event.request)
  assert.equal(others.length, 0)
})

test('an ignored event is remembered without its body and is never claimed', async () => {
  const event = { kind: 'ignored', transportKey: 'x:ignored-1', eventType: 'dm.sent', reason: 'our own' } as const
  assert.equal(await recordEvent(db(), event, door), true)
  assert.equal(await recordEvent(db(), event, door), false)
  const row = await db()
    .selectFrom('inbound_events')
    .selectAll()
    .where('transport_key', '=', 'x:ignored-1')
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.request, row.ignored_because, row.business_key], [null, 'our own', null])
  assert.equal((await claimEvents(db(), lease)).length, 0)
})

test('a leased event is not handed out twice, and is free again when the lease is over', async () => {
  await recordEvent(db(), delivery(messageOnX()), door)
  const [first, second] = await Promise.all([
    claimEvents(db(), { limit: 5, leaseMs: 1_500 }),
    claimEvents(db(), { limit: 5, leaseMs: 1_500 }),
  ])
  assert.equal(first.length + second.length, 1)
  assert.equal((await claimEvents(db(), lease)).length, 0)
  await sleep(1_550)
  const [again] = await claimEvents(db(), lease)
  assert(again)
  await markStarted(db(), [again.id])
  assert.equal((await waitingEvents(db())).count, 1)
})

test('a released event comes back after a second, a started one never', async () => {
  await recordEvent(db(), delivery(messageOnX()), door)
  const [event] = await claimEvents(db(), lease)
  assert(event)
  await releaseEvent(db(), { id: event.id, waitMs: 1_000 })
  assert.equal((await claimEvents(db(), lease)).length, 0)
  await sleep(1_050)
  assert.deepEqual(
    (await claimEvents(db(), lease)).map(({ id }) => id),
    [event.id],
  )
  await markStarted(db(), [event.id])
  await releaseEvent(db(), { id: event.id, waitMs: 1_000 })
  await sleep(1_050)
  assert.equal((await claimEvents(db(), lease)).length, 0)
})

test('a paused bot answers nobody, and what people decide about its versions is heard', async () => {
  const bot = 'paused-bot'
  await pauseBot(db(), bot, 'test')
  const said = { bot, channel: 'slack', authorId: 'U1', sentAt: '2026-01-02T03:04:05.000Z' } as const
  const address = { kind: 'slack-ephemeral', team: 'T1', channelId: 'C1', userId: 'U1' } as const
  const order = { ...said, address, businessKey: `${bot}.rollback`, order: 'rollback' } as const
  const asked = { kind: 'request', transportKey: 'slack:rollback', eventType: '/rollback' } as const
  await recordEvent(db(), { ...asked, request: { kind: 'order', order } }, { bot, channel: 'slack' })
  await recordEvent(db(), delivery({ ...messageOnX(), bot }), { bot, channel: 'x' })
  const claimed = (await claimEvents(db(), lease)).filter(({ request }) => JSON.stringify(request).includes(bot))
  assert.deepEqual(
    claimed.map(({ request }) => request.kind),
    ['order'],
  )
})

test('an event that fails alike five times by its own fault is put aside; an outage puts nothing aside', async () => {
  const bot = 'parking-bot'
  await recordEvent(db(), delivery(messageOnX({ bot, businessKey: `${bot}.1` })), { ...door, bot })
  const { id } = await db().selectFrom('inbound_events').select('id').where('bot', '=', bot).executeTakeFirstOrThrow()
  const fails = (atFault?: string) => releaseEvent(db(), { id, waitMs: 0, atFault })
  const times = async (count: number, atFault?: string) => {
    const parked = []
    for (let time = 0; time < count; time += 1) parked.push(await fails(atFault))
    return parked
  }
  assert.deepEqual(await times(4, 'TypeError'), [false, false, false, false])
  assert.deepEqual(await times(1), [false], 'Temporal was out meanwhile')
  assert.deepEqual(await times(4, 'TypeError'), [false, false, false, false])
  assert.deepEqual(
    await times(20),
    Array.from({ length: 20 }, () => false),
  )
  assert.deepEqual(await times(5, '22P02'), [false, false, false, false, true])
  assert.deepEqual((await parkedEvents(db())).get(bot), 1)
  assert.equal((await claimEvents(db(), { limit: 1_000, leaseMs: 1 })).filter((event) => event.bot === bot).length, 0)
})

test('many events of one bot take no turn from another one', async () => {
  for (let at = 0; at < 30; at += 1)
    await recordEvent(db(), delivery(messageOnX({ bot: 'loud-bot', businessKey: `loud-bot.${at}` })), {
      ...door,
      bot: 'loud-bot',
    })
  await recordEvent(db(), delivery(messageOnX({ bot: 'quiet-bot', businessKey: 'quiet-bot.1' })), {
    ...door,
    bot: 'quiet-bot',
  })
  const bots = (await claimEvents(db(), { limit: 10, leaseMs: 1_000 })).map(({ bot }) => bot)
  assert(bots.includes('quiet-bot'))
  assert.equal(bots.length, 10)
})
