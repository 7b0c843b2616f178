import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { testBot } from '../support/bots.ts'
import { useDatabase } from '../support/database.ts'
import { doorApp } from '../support/soak/door-app.ts'
import { asSlackSends, essence, naughtyStrings, ping } from '../support/soak/naughty.ts'
import { inject, type Wording, wordings } from '../support/soak/signed-requests.ts'

/* Text that breaks programs: all of it through the doors; conversations/naughty-strings.ts takes a sample the whole way. */

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
