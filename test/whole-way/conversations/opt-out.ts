import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type Conversation, eventually, replyTo } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import { xDirectMessages, xPlatform } from '../../support/platforms/x.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

/** Ended without a word: visible in the records and in Temporal, and nothing was fetched or scored. */
async function assertSilent(place: Conversation, id: string): Promise<void> {
  const { id: messageId, outcome, reason } = await finishedMessage(stack(), place.workflowId(id))
  assert.deepEqual([outcome, reason], ['refused', 'opted-out'])
  const handle = temporal().workflow.getHandle(place.workflowId(id))
  assert.deepEqual(await handle.result(), { outcome: 'refused' })
  const { rows } = await sql<{ kept: number }>`
    select (select count(*) from message_media where message_id = ${messageId})::int
         + (select count(*) from scores where message_id = ${messageId})::int
         + (select count(*) from replies where message_id = ${messageId})::int as kept`.execute(stack().db)
  assert.equal(rows[0]?.kept, 0)
}

const stopped = /^You will not hear from me again/
const started = /^I am listening to you/

test('on X “stop” is confirmed once, and then mentions, replies and direct messages get no answer until “start”', async () => {
  const posts = xPlatform(stack())
  const direct = xDirectMessages(stack())
  const place = 'wanda'
  const votes = () => stack().db.selectFrom('votes').select('id').execute()
  const before = await votes()
  const asked = await posts.ask({ place, text: 'what?' })
  const answer = await replyTo(posts, asked)
  const stop = await direct.ask({ place, text: 'Opt out.' })
  assert.match((await replyTo(direct, stop)).text, stopped)
  const { outcome, reason } = await finishedMessage(stack(), direct.workflowId(stop))
  assert.deepEqual([outcome, reason], ['refused', 'stopped'])

  const pictures = [await hatPicture('opted out')]
  const silent = await Promise.all([
    posts.ask({ place, pictures }),
    posts.ask({ place, pictures, extra: { inReplyTo: answer.id } }),
    posts.ask({ place, text: "no, it's a fedora", extra: { inReplyTo: answer.id } }),
    posts.ask({ place, text: 'STOP!' }),
    direct.ask({ place, pictures }),
    direct.ask({ place, text: 'unsubscribe' }),
  ])
  for (const id of silent) await assertSilent(posts, id)
  assert.equal((await direct.repliesTo(stop)).length, 1)
  const replies = await posts.allReplies()
  assert.deepEqual(
    [asked, ...silent].filter((id) => replies.has(id)),
    [asked],
  )
  assert.deepEqual(await votes(), before)

  // Somebody else is answered as before.
  await replyTo(posts, await posts.ask({ place: 'zoe' }))
  const start = await posts.ask({ place, text: 'start' })
  assert.match((await replyTo(posts, start)).text, started)
  await replyTo(posts, await posts.ask({ place, text: 'and this?' }))
})

test('in Slack it holds for mentions and direct messages of that person alike', async () => {
  const slack = slackPlatform(stack())
  const said = { user: 'U0QUIET' }
  const stop = await slack.ask({ place: 'D0QUIET', text: 'Stop', extra: said })
  assert.match((await replyTo(slack, stop)).text, stopped)
  const pictures = [await hatPicture('opted out in Slack')]
  await assertSilent(slack, await slack.ask({ place: 'D0QUIET', pictures, extra: said }))
  await assertSilent(slack, await slack.ask({ place: 'C0LOUD', pictures, extra: said }))
  await replyTo(slack, await slack.ask({ place: 'C0LOUD', extra: { user: 'U0OTHER' } }))
  assert.match((await replyTo(slack, await slack.ask({ place: 'D0QUIET', text: 'opt-in', extra: said }))).text, started)
})

test('a wish that comes while an answer is on its way holds that answer back', async () => {
  const posts = xPlatform(stack())
  const place = 'yuri'
  await stack().stop('inference')
  const asked = await posts.ask({ place, pictures: [await hatPicture('on its way')] })
  await eventually(
    async () => {
      const { rows } = await sql`select from message_media join messages on id = message_id
                                 where workflow_id = ${posts.workflowId(asked)}`.execute(stack().db)
      return rows.length > 0 ? true : undefined
    },
    { timeoutMs: 30_000, what: 'the picture' },
  )
  const stop = await posts.ask({ place, text: 'stop' })
  assert.match((await replyTo(posts, stop)).text, stopped)
  await stack().start('inference')
  const { outcome, reason } = await finishedMessage(stack(), posts.workflowId(asked), 60_000)
  assert.deepEqual([outcome, reason], ['refused', 'opted-out'])
  assert.deepEqual(await posts.repliesTo(asked), [])
})
