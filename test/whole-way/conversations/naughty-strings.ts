import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom, shuffled } from '../../../domain/model/seeded-random.ts'
import { peopleOf, type SeenPost, seenPosts } from '../../support/messages/people.ts'
import { call, eventually, replyTo } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import { xDirectMessages, xPlatform } from '../../support/platforms/x.ts'
import { asSlackSends, naughtyStrings, ping, worst } from '../../support/soak/naughty.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack } from './stack.ts'

/* A sample of text that breaks programs, the whole way to an answer; all of it goes through the doors in ../naughty-strings.test.ts. */

const bot = 'fedora-finder'
const seed = 20_251_121
const sampled = 12

/** The worst, and some of the list. */
const sample = async () => [...worst, ...shuffled(await naughtyStrings(), seededRandom(seed)).slice(0, sampled)]
const fromBot = (post: SeenPost) => post.bot === bot

async function everyPost(): Promise<readonly SeenPost[]> {
  return (await call(seenPosts, `${stack().urls.slack}/_sim/posts`)).posts
}

test('each is answered or refused once, in mentions and direct messages, on both platforms', async () => {
  const slack = slackPlatform(stack())
  const x = xPlatform(stack())
  const direct = xDirectMessages(stack())
  const answered = (await sample()).map(async (text, number) => {
    const slackText = asSlackSends(text).slice(0, 39_000)
    const xText = text.slice(0, 9_000)
    const mention = await slack.ask({ text: slackText, place: `C0NAUGHTY${number}` })
    const message = await slack.ask({ place: `D0NAUGHTY${number}`, extra: { text: slackText } })
    const post = await x.ask({ text: xText, place: `naughty${number}` })
    const dm = await direct.ask({ text: xText, place: `naughtydm${number}` })
    for (const [place, id] of [
      [slack, mention],
      [slack, message],
      [x, post],
      [direct, dm],
    ] as const) {
      const { outcome } = await finishedMessage(stack(), place.workflowId(id), 60_000)
      assert.equal(outcome, 'refused', `string ${number}`)
      assert.equal((await place.repliesTo(id)).length, 1, `string ${number}`)
    }
  })
  await Promise.all(answered)
})

test('as the label of /fix each is told the usage', async () => {
  const people = peopleOf(stack().urls.slack, { name: bot, userId: stack().secrets.bots[bot]?.slack.botUserId ?? '' })
  for (const text of await sample()) {
    const { status } = await people.types('U0ADA', `/fix ${text.slice(0, 39_000)}`, { channel: 'C0NAUGHTYFIX' })
    assert.equal(status, 200)
  }
  const told = (await people.sees('C0NAUGHTYFIX')).filter((post) => post.ephemeral && post.text.includes('Labels: '))
  assert.equal(told.length, (await sample()).length)
})

test('as the name of a picture it is said unharmed, and pings nobody', async () => {
  const slack = slackPlatform(stack())
  const names = ['<!channel>.png', '<@U0ADA> & co.png']
  const pictures = await Promise.all(names.map(async (name) => ({ ...(await hatPicture(name)), name })))
  const id = await slack.ask({ pictures, place: 'C0NAUGHTYNAMES' })
  const { text } = await replyTo(slack, id)
  for (const name of names) assert(text.includes(asSlackSends(name)), text)
})

test('nobody was pinged by any post, and the workers still answer', async () => {
  const posts = (await everyPost()).filter(fromBot)
  assert(posts.length > 0)
  for (const { text, blocks } of posts) {
    assert.doesNotMatch(text, ping)
    assert.doesNotMatch(JSON.stringify(blocks), ping)
  }
  const waiting = await eventually(
    async () => {
      const rows = await stack()
        .db.selectFrom('inbound_events')
        .select('id')
        .where('started_at', 'is', null)
        .where('request', 'is not', null)
        .execute()
      return rows.length === 0 ? rows : undefined
    },
    { timeoutMs: 20_000, what: 'the relay to have started everything' },
  )
  assert.equal(waiting.length, 0)
  for (const place of [slackPlatform(stack()), xPlatform(stack())]) {
    const id = await place.ask({ pictures: [await hatPicture('after the naughty strings')] })
    assert.match((await replyTo(place, id)).text, /fedora: /)
  }
})
