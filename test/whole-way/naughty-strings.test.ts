import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { seededRandom, shuffled } from '../../domain/model/seeded-random.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { testBot } from '../support/bots.ts'
import { useDatabase } from '../support/database.ts'
import { peopleOf, type SeenPost, seenPosts } from '../support/messages/people.ts'
import { call, eventually, replyTo } from '../support/platforms/platform.ts'
import { slackPlatform } from '../support/platforms/slack.ts'
import { xDirectMessages, xPlatform } from '../support/platforms/x.ts'
import { doorApp } from '../support/soak/door-app.ts'
import { asSlackSends, essence, naughtyStrings, worst } from '../support/soak/naughty.ts'
import { inject, type Wording, wordings } from '../support/soak/signed-requests.ts'
import { hatPicture } from './pictures.ts'
import { finishedMessage, useStack } from './use-stack.ts'

/* Text that breaks programs: all of it through the doors, and a sample the whole way, to an answer. */

/** What would make Slack tell somebody. */
const ping = /<!|<@|<#/

describe('every naughty string at the doors', () => {
  const db = useDatabase()
  const open: { app?: FastifyInstance } = {}
  before(async () => {
    open.app = await doorApp(testBot(), (event, door) => recordEvent(db(), event, door))
  })
  after(() => open.app?.close())
  const kept = z.object({ message: z.object({ text: z.string() }) })

  /** Sends every string in one wording; each is acknowledged. @returns the acknowledgements. */
  async function sendAll(wording: Wording, encode: (text: string) => string): Promise<readonly string[]> {
    const { app } = open
    assert(app)
    const bodies: string[] = []
    for (const [number, text] of (await naughtyStrings()).entries()) {
      const answer = await inject(app, wording(encode(text), 1000 + number))
      assert.equal(answer.statusCode, 200, `string ${number}: ${answer.body}`)
      bodies.push(answer.body)
    }
    return bodies
  }

  async function requestsOf(eventType: string): Promise<readonly unknown[]> {
    const rows = await db()
      .selectFrom('inbound_events')
      .select('request')
      .where('event_type', '=', eventType)
      .where('request', 'is not', null)
      .orderBy('id')
      .execute()
    return rows.map(({ request }) => request)
  }

  const asIs = (text: string) => text
  const messages = {
    mention: { wording: wordings.mention, eventType: 'app_mention', encode: asSlackSends },
    direct: { wording: wordings.direct, eventType: 'message', encode: asSlackSends },
    post: { wording: wordings.post, eventType: 'post.mention.create', encode: asIs },
    'direct message on X': { wording: wordings.xDirect, eventType: 'dm.received', encode: asIs },
  }
  for (const [place, { wording, eventType, encode }] of Object.entries(messages))
    it(`is stored unharmed as a ${place}`, async () => {
      const strings = await naughtyStrings()
      assert(strings.length >= 500)
      await sendAll(wording, encode)
      const requests = await requestsOf(eventType)
      assert.equal(requests.length, strings.length)
      for (const [number, request] of requests.entries())
        assert.equal(essence(kept.parse(request).message.text), essence(encode(strings[number] ?? '')))
    })

  it('is told the usage as the label of /fix, without an echo that pings, and nothing is stored', async () => {
    const acknowledged = await sendAll(wordings.fix, asIs)
    assert.deepEqual(await requestsOf('/fix'), [])
    for (const body of acknowledged) {
      assert.match(body, /Labels: fedora, no-fedora/)
      assert.doesNotMatch(body, ping)
    }
  })

  it('is told the usage as the argument of /predict, unless it is a link or nothing', async () => {
    const strings = await naughtyStrings()
    const acknowledged = await sendAll(wordings.predict, asIs)
    const told = acknowledged.filter((body) => body.includes('Labels: '))
    assert.equal(told.length + (await requestsOf('/predict')).length, strings.length)
    assert(told.length > 450)
    for (const body of told) assert.doesNotMatch(body, ping)
  })
})

describe('naughty strings the whole way', () => {
  const { stack } = useStack({ env: { LOG_LEVEL: 'warn' } })
  const bot = 'fedora-finder'
  const seed = 20_251_121
  const sampled = 12

  /** The worst, and some of the list. */
  const sample = async () => [...worst, ...shuffled(await naughtyStrings(), seededRandom(seed)).slice(0, sampled)]
  const fromBot = (post: SeenPost) => post.bot === bot

  async function everyPost(): Promise<readonly SeenPost[]> {
    return (await call(seenPosts, `${stack().urls.slack}/_sim/posts`)).posts
  }

  it('each is answered or refused once, in mentions and direct messages, on both platforms', async () => {
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

  it('as the label of /fix each is told the usage', async () => {
    const people = peopleOf(stack().urls.slack, { name: bot, userId: stack().secrets.bots[bot]?.slack.botUserId ?? '' })
    for (const text of await sample()) {
      const { status } = await people.types('U0ADA', `/fix ${text.slice(0, 39_000)}`, { channel: 'C0NAUGHTYFIX' })
      assert.equal(status, 200)
    }
    const told = (await people.sees('C0NAUGHTYFIX')).filter((post) => post.ephemeral && post.text.includes('Labels: '))
    assert.equal(told.length, (await sample()).length)
  })

  it('as the name of a picture it is said unharmed, and pings nobody', async () => {
    const slack = slackPlatform(stack())
    const names = ['<!channel>.png', '<@U0ADA> & co.png']
    const pictures = await Promise.all(names.map(async (name) => ({ ...(await hatPicture(name)), name })))
    const id = await slack.ask({ pictures, place: 'C0NAUGHTYNAMES' })
    const { text } = await replyTo(slack, id)
    for (const name of names) assert(text.includes(asSlackSends(name)), text)
  })

  it('nobody was pinged by any post, and the workers still answer', async () => {
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
})
