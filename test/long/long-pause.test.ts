import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { adminToken, operatorOf } from '../whole-way/operator.ts'
import { hatPicture } from '../whole-way/pictures.ts'
import { useStack } from '../whole-way/use-stack.ts'

/* A pause that is longer than a bot answers within (one hour): what waited is too old, unless the operator says otherwise. */

const bot = 'fedora-finder'
const { stack } = useStack({
  services: ['api', 'relay', 'conversations', 'inference'],
  env: { LOCAL_ADMIN_TOKEN: adminToken },
})

/** Makes what waits as old as a pause of so many minutes would: nobody can wait that long in a test. */
async function waited(minutes: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update inbound_events set received_at = received_at - make_interval(mins => ${minutes})
    where bot = ${bot} and started_at is null`.execute(stack().db)
  assert.ok((numAffectedRows ?? 0n) > 0n, 'something waits')
}

/** Asks while the bot rests, lets it wait, and goes on. @returns our id of the message, and what the API said. */
async function askedInPause(seed: string, options: { readonly minutes: number; readonly answerAll: boolean }) {
  const { ask, post } = operatorOf(stack())
  assert.equal((await post(`/api/bots/${bot}/pause`)).status, 200)
  const { id } = await ask(bot, { pictures: [await hatPicture(seed)] })
  await waited(options.minutes)
  const resumed = await post(`/api/bots/${bot}/resume`, { answerAll: options.answerAll })
  assert.deepEqual(resumed.body, { bot, paused: false, waited: 1 })
  return id
}

const hasEnded = ({ outcome }: { readonly outcome: string | null }) => outcome !== null

test('what waited longer than the bot answers within expires without a reply', async () => {
  const id = await askedInPause('an old question', { minutes: 61, answerAll: false })
  const { outcome, outcomeReason, replies } = await operatorOf(stack()).messageWhen(id, hasEnded, 'the end')
  assert.deepEqual([outcome, outcomeReason], ['expired', 'too old after a pause'])
  assert.deepEqual(replies, [])
})

test('what waited less long is answered', async () => {
  const id = await askedInPause('a younger question', { minutes: 58, answerAll: false })
  assert.equal((await operatorOf(stack()).messageWhen(id, hasEnded, 'the end')).outcome, 'answered')
})

test('what waited longer is answered when the operator says so', async () => {
  const id = await askedInPause('another old question', { minutes: 61, answerAll: true })
  const { outcome, replies } = await operatorOf(stack()).messageWhen(id, hasEnded, 'the end')
  assert.equal(outcome, 'answered')
  assert.deepEqual(
    replies.map(({ state }) => state),
    ['sent'],
  )
})

test('a message that arrived without a pause is answered though the relay was late', async () => {
  const { ask, messageWhen } = operatorOf(stack())
  await stack().stop('relay')
  const { id } = await ask(bot, { pictures: [await hatPicture('a late relay')] })
  await waited(61)
  await stack().start('relay')
  assert.equal((await messageWhen(id, hasEnded, 'the end')).outcome, 'answered')
})
