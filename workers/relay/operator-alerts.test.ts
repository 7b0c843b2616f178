import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { openAlerts, raiseAlert } from '../../store/alerts.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { pauseBot, resumeBot } from '../../store/pauses.ts'
import { useDatabase } from '../../test/support/database.ts'
import { keepMessage, keepReply } from '../../test/support/messages/kept-messages.ts'
import { delivery, messageOnX } from '../../test/support/messages/messages.ts'
import type { BrokenStory } from './broken-stories.ts'
import { checkAlerts } from './operator-alerts.ts'

const db = useDatabase()
const gigabyte = 1024 ** 3
const state = {
  freeBytes: 100 * gigabyte,
  broken: [] as readonly BrokenStory[],
  isTemporalAway: false,
  told: [] as string[],
  isDeaf: false,
}

const look = () =>
  checkAlerts({
    db: db(),
    log: pino({ level: 'silent' }),
    freeBytes: () => Promise.resolve(state.freeBytes),
    brokenStories: () =>
      state.isTemporalAway ? Promise.reject(new Error('Temporal is away')) : Promise.resolve(state.broken),
    tell: (text) => {
      if (state.isDeaf) return Promise.reject(new Error('nobody hears'))
      state.told.push(text)
      return Promise.resolve()
    },
  })
const causes = async () => (await openAlerts(db())).map(({ cause }) => cause)

beforeEach(async () => {
  Object.assign(state, { freeBytes: 100 * gigabyte, broken: [], isTemporalAway: false, told: [], isDeaf: false })
  await sql`truncate alerts, inbound_events, replies cascade`.execute(db())
})

async function eventOf(minutesAgo: number): Promise<void> {
  const event = delivery(messageOnX())
  await recordEvent(db(), event, { bot: 'fedora-finder', channel: 'x' })
  await sql`update inbound_events set received_at = now() - ${minutesAgo} * interval '1 minute'
            where transport_key = ${event.transportKey}`.execute(db())
}

test('nothing is told while all is well', async () => {
  await eventOf(4)
  await look()
  assert.deepEqual([state.told, await causes()], [[], []])
})

test('a queue that stands is told once, with the next command, until it moves; when it stands again, again', async () => {
  await eventOf(7)
  await look()
  await look()
  assert.equal(state.told.length, 1)
  assert.match(state.told[0] ?? '', /^1 event waits, the oldest for 7 minutes\. .*npx understudy doctor$/)
  await sql`update inbound_events set started_at = now()`.execute(db())
  await look()
  assert.deepEqual(await causes(), [])
  await eventOf(6)
  await look()
  assert.equal(state.told.length, 2)
})

test('what waits for a paused bot is no cause', async () => {
  await eventOf(60)
  await pauseBot(db(), 'fedora-finder', 'test')
  await look()
  assert.deepEqual(state.told, [])
  await resumeBot(db(), { bot: 'fedora-finder', actor: 'test', answerAll: true })
})

test('a revoked token is told once per bot and channel, and is over with the next reply that is taken', async () => {
  const one = await keepMessage(db())
  await keepReply(db(), one, { failure: 'token_revoked' })
  await keepReply(db(), await keepMessage(db()), { failure: 'invalid_auth' })
  const other = await keepMessage(db(), { bot: 'after-dark', businessKey: `after-dark.${randomUUID()}` })
  await keepReply(db(), other, { failure: '401' })
  await look()
  await look()
  assert.deepEqual(await causes(), ['credentials:after-dark:x', 'credentials:fedora-finder:x'])
  assert.equal(state.told.length, 2)
  assert.match(
    state.told.join('\n'),
    /fedora-finder is not let in on X \(invalid_auth\).*X_ACCESS_TOKEN__FEDORA_FINDER/,
  )
  assert.match(state.told.join('\n'), /npx understudy retry --outcome failed --since 24h/)
  await keepReply(db(), await keepMessage(db()), { platformId: '1997000000000000999' })
  await look()
  assert.deepEqual(await causes(), ['credentials:after-dark:x'])
})

test('what a platform refuses for another reason, and what load tests meet, is no cause', async () => {
  await keepReply(db(), await keepMessage(db()), { failure: 'is_archived' })
  await keepReply(db(), await keepMessage(db()), { failure: '403 duplicate' })
  await keepReply(db(), await keepMessage(db(), { synthetic: true }), { failure: 'token_revoked' })
  await look()
  assert.deepEqual(state.told, [])
})

test('a people’s channel that is closed is told once, until a question is posted there again', async () => {
  await keepReply(db(), await keepMessage(db()), { failure: 'is_archived', kind: 'question' })
  await look()
  await look()
  assert.deepEqual(await causes(), ['people:fedora-finder'])
  assert.equal(state.told.length, 1)
  assert.match(state.told.join('\n'), /fedora-finder cannot ask people: .*\(is_archived\).*Next: npx understudy bots/)
  await keepReply(db(), await keepMessage(db()), { platformId: '1765000000.000100', kind: 'question' })
  await look()
  assert.deepEqual(await causes(), [])
})

test('a disk that fills up is told once, and a value at the edge is not told again and again', async () => {
  for (const gigabytes of [1.9, 2.1, 1.95, 2.4]) {
    state.freeBytes = gigabytes * gigabyte
    await look()
  }
  assert.equal(state.told.length, 1)
  assert.match(state.told[0] ?? '', /1\.9 GB are free/)
  state.freeBytes = 3 * gigabyte
  await look()
  assert.deepEqual(await causes(), [])
})

test('workflows whose code fails are told once per type, also while Temporal is away, until they go on', async () => {
  state.broken = [{ type: 'answerMessage', count: 3 }]
  await look()
  state.isTemporalAway = true
  await look()
  assert.deepEqual(await causes(), ['story:answerMessage'])
  assert.equal(state.told.length, 1)
  assert.match(
    state.told[0] ?? '',
    /^3 open answerMessage workflows cannot go on: .*Next: open one of them in the Temporal UI/,
  )
  Object.assign(state, { isTemporalAway: false, broken: [] })
  await look()
  assert.deepEqual(await causes(), [])
})

test('whoever could not be told is told at the next look', async () => {
  state.freeBytes = gigabyte
  state.isDeaf = true
  await assert.rejects(look)
  state.isDeaf = false
  await look()
  await look()
  assert.equal(state.told.length, 1)
})

test('an alert that is raised elsewhere is told here, and closed there', async () => {
  await raiseAlert(db(), { cause: 'elsewhere', detail: 'something else' })
  await look()
  await look()
  assert.deepEqual([state.told, await causes()], [['something else'], ['elsewhere']])
})
