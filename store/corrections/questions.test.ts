import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answered, bot } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { correctionOf } from './corrections.ts'
import { closeQuestion, openQuestion, questionOf, questionPosts, recordAsked } from './questions.ts'
import { intendReply, recordSent } from '../messages/replies.ts'

const db = useDatabase()

async function asks(channelId: string, options: { capPerDay: number; reason?: 'unsure' | 'conflict' }) {
  const made = await answered(db())
  const question = { ...made.ref, bot, reason: options.reason ?? 'unsure', channelId } as const
  return { ...made, question, opened: await openQuestion(db(), question, options) }
}

test('a prediction is asked about once, and its correction is open from then on', async () => {
  const { ref, question, opened } = await asks('C1', { capPerDay: 5 })
  assert.equal(opened, true)
  assert.equal(await openQuestion(db(), question, { capPerDay: 5 }), false)
  assert.equal((await correctionOf(db(), ref))?.state, 'open')
})

test('a channel gets no more questions a day than its cap, however many come at once; conflicts always go there', async () => {
  const opened = await Promise.all(Array.from({ length: 5 }, () => asks('C2', { capPerDay: 3 })))
  assert.equal(opened.filter((each) => each.opened).length, 3)
  assert.equal((await asks('C3', { capPerDay: 1 })).opened, true)
  assert.equal((await asks('C2', { capPerDay: 3, reason: 'conflict' })).opened, true)
})

test('what was asked yesterday does not count', async () => {
  const { ref } = await asks('C4', { capPerDay: 1 })
  assert.equal((await asks('C4', { capPerDay: 1 })).opened, false)
  await db()
    .updateTable('questions')
    .set({ asked_at: new Date(Date.now() - 25 * 60 * 60 * 1000) })
    .where('message_id', '=', ref.messageId)
    .execute()
  assert.equal((await asks('C4', { capPerDay: 1 })).opened, true)
})

test('a question knows its first post and whether it is closed', async () => {
  const { ref } = await asks('C5', { capPerDay: 5 })
  await recordAsked(db(), ref, '1.1')
  await recordAsked(db(), ref, '2.2')
  const asked = await questionOf(db(), ref)
  assert.deepEqual([asked?.platformId, asked?.closed], ['1.1', false])
  await closeQuestion(db(), ref)
  assert.equal((await questionOf(db(), ref))?.closed, true)
})

test('a conflict opens a closed question again, and leaves it where it stands', async () => {
  const { ref, question } = await asks('C7', { capPerDay: 5 })
  await recordAsked(db(), ref, '1.1')
  await closeQuestion(db(), ref)
  assert.equal(await openQuestion(db(), { ...question, reason: 'random' }, { capPerDay: 5 }), false)
  assert.equal((await questionOf(db(), ref))?.closed, true)
  assert.equal(await openQuestion(db(), { ...question, reason: 'conflict' }, { capPerDay: 0 }), true)
  const asked = await questionOf(db(), ref)
  assert.deepEqual([asked?.closed, asked?.platformId, asked?.reason], [false, '1.1', 'unsure'])
})

test('the posts of a prediction are its own, visible ones', async () => {
  const { id } = await asks('C6', { capPerDay: 5 })
  const say = async (key: string, platformId?: string) => {
    const reply = await intendReply(db(), { key, messageId: id, kind: 'question', text: key })
    if (platformId !== undefined) await recordSent(db(), reply, { platformId, adopted: false })
  }
  await say(`question:${id}`, '1')
  await say(`review:${id}:2`, '2')
  await say(`review:${id}:3`)
  await say(`question:${id}_1`, '4')
  const posts = await questionPosts(db(), { messageId: id, position: 0 })
  assert.deepEqual(
    posts.map(({ platformId }) => platformId),
    ['1', '2'],
  )
})
