import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '../../test/support/database.ts'
import { personOf } from '../messages/messages.ts'
import { ensureStarterProfiles, joinMatching, leaveMatching, meetSomebody } from './profiles.ts'

const db = useDatabase()
const starters = [
  { name: 'Noor', label: 'engineer' },
  { name: 'Iris', label: 'not-engineer' },
]

/** A bot of its own, so that nobody meets the people of another test. */
function scene() {
  const bot = `bot-${randomUUID().slice(0, 8)}`
  const join = async (user: string) => {
    const personId = await personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: `${bot}-${user}` })
    const id = randomUUID()
    const address = { kind: 'slack-ephemeral', team: 'T1', channelId: 'C1', userId: user } as const
    await joinMatching(db(), { id, bot, personId, address })
    return { id, personId }
  }
  const meet = (id: string, label: string, confidence = 0.9) => meetSomebody(db(), { id, bot, label, confidence })
  return { bot, join, meet }
}

test('whoever joins first meets somebody who is there from the start, of the other class, once', async () => {
  const { bot, join, meet } = scene()
  await ensureStarterProfiles(db(), bot, starters)
  await ensureStarterProfiles(db(), bot, starters)
  const ada = await join('ada')
  assert.equal((await meet(ada.id, 'engineer'))?.name, 'Iris')
  assert.equal((await meet(ada.id, 'engineer'))?.name, 'Iris', 'asking again finds the same partner')
  const again = await join('ada')
  assert.equal(await meet(again.id, 'engineer'), undefined, 'nobody is left whom Ada has not met')
})

test('people come before drawn ones, the surest first, and both have met then', async () => {
  const { bot, join, meet } = scene()
  await ensureStarterProfiles(db(), bot, starters)
  const [ben, chloe] = [await join('ben'), await join('chloe')]
  await meet(ben.id, 'not-engineer', 0.6)
  await meet(chloe.id, 'not-engineer', 0.95)
  const ada = await join('ada')
  const partner = await meet(ada.id, 'engineer')
  assert.equal(partner?.id, chloe.id)
  assert.equal(partner.address?.kind, 'slack-ephemeral')
  const later = await join('ada')
  assert.equal((await meet(later.id, 'engineer'))?.id, ben.id)
})

test('two who join at once do not both get the same last free partner twice', async () => {
  const { join, meet } = scene()
  const [ada, ben] = [await join('ada'), await join('ben')]
  const [one, other] = await Promise.all([meet(ada.id, 'engineer'), meet(ben.id, 'not-engineer')])
  assert.deepEqual(
    [one?.id, other?.id].filter(Boolean).length,
    1,
    'the second one finds the first, who is told as the partner',
  )
})

test('whoever left is met by nobody', async () => {
  const { bot, join, meet } = scene()
  const ben = await join('ben')
  await meet(ben.id, 'not-engineer')
  assert.equal(await leaveMatching(db(), bot, ben.personId), true)
  assert.equal(await leaveMatching(db(), bot, ben.personId), false)
  assert.equal(await meet((await join('ada')).id, 'engineer'), undefined)
})
