import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { useDatabase } from '../../test/support/database.ts'
import { keepMessage } from '../../test/support/messages/kept-messages.ts'
import { messageById } from '../messages/messages.ts'
import { hasOptedOut, recordWish } from './opt-outs.ts'

const db = useDatabase()

/** One person, and what they wish at a second of the same minute. */
function person() {
  const authorId = randomUUID()
  const says = (second: number, bot = 'fedora-finder') =>
    keepMessage(db(), { authorId, bot }, { receivedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) })
  const isOut = async (bot = 'fedora-finder') => {
    const { personId } = await messageById(db(), await says(0, bot))
    return hasOptedOut(db(), bot, personId)
  }
  const wishes = async (second: number, optedOut: boolean) => {
    const messageId = await says(second)
    return { messageId, ...(await recordWish(db(), { messageId, optedOut })) }
  }
  return { isOut, wishes }
}

test('a wish holds for one person and one bot, under our own ids, until they wish otherwise', async () => {
  const [ada, bob] = [person(), person()]
  assert.equal(await ada.isOut(), false)
  const { byThisMessage } = await ada.wishes(1, true)
  assert.equal(byThisMessage, true)
  assert.deepEqual([await ada.isOut(), await ada.isOut('team-router'), await bob.isOut()], [true, false, false])
  await ada.wishes(2, false)
  assert.equal(await ada.isOut(), false)
  const { rows } = await sql<object>`select * from opt_outs`.execute(db())
  assert.deepEqual(rows.flatMap((row) => Object.keys(row)).toSorted(), [
    'bot',
    'message_id',
    'opted_out',
    'person_id',
    'wished_at',
  ])
})

test('only the message that changed something is the one to confirm, however often it is handled', async () => {
  const ada = person()
  const { messageId } = await ada.wishes(1, true)
  const second = await ada.wishes(2, true)
  assert.deepEqual([second.optedOut, second.byThisMessage], [true, false])
  const again = await recordWish(db(), { messageId, optedOut: true })
  assert.deepEqual(again, { optedOut: true, byThisMessage: true })
})

test('an older wish that is handled late changes nothing', async () => {
  const ada = person()
  await ada.wishes(5, false)
  const late = await ada.wishes(3, true)
  assert.deepEqual([late.byThisMessage, await ada.isOut()], [false, false])
  // Nor does it after the newer one was said twice.
  await ada.wishes(7, false)
  await ada.wishes(6, true)
  assert.equal(await ada.isOut(), false)
})

test('a wish of no message is a mistake of ours', async () => {
  await assert.rejects(recordWish(db(), { messageId: randomUUID(), optedOut: true }), /no such message/)
})
