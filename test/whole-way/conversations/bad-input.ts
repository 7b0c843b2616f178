import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { RefusalCode } from '../../../domain/refusals.ts'
import { families } from '../../../models/families/index.ts'
import { loadBots } from '../../../workers/bots/bots.ts'
import { platformsOf } from '../../support/platforms/both.ts'
import { type Conversation, replyTo, type SimulatedPlatform, tell } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import { xPlatform } from '../../support/platforms/x.ts'
import { badInputs } from '../bad-pictures.ts'
import { forgeOnSlack, forgeSlackFile, forgeXMention } from '../forged-events.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack } from './stack.ts'

const withoutDelivery = { copies: 0, twins: false, newEventIds: 0 }

/** The message ended as `refused`, and the person was told so once, in the bot's words. */
async function assertRefused(place: Conversation, id: string, refusal: RefusalCode): Promise<void> {
  const { outcome } = await finishedMessage(stack(), place.workflowId(id), 60_000)
  assert.equal(outcome, 'refused')
  const replies = await place.repliesTo(id)
  assert.equal(replies.length, 1)
  const bot = (await loadBots(families)).find(({ name }) => name === 'fedora-finder')
  assert.equal(replies[0]?.text.replace(/ · [0-9a-f]{8}$/, ''), bot?.words.refusals[refusal])
}

async function assertStillAnswers(place: SimulatedPlatform): Promise<void> {
  const id = await place.ask({ pictures: [await hatPicture('still there')] })
  assert.match((await replyTo(place, id)).text, /^fedora: /)
}

test('every kind of bad input gets one clear answer on both channels, and the workers stay alive', async () => {
  const inputs = await badInputs()
  for (const place of platformsOf(stack())) {
    const refused = inputs.map(async ({ what, refusal, picture }) => {
      const id = await place.ask({ text: `what is ${what}?`, pictures: picture ? [picture] : [] })
      await assertRefused(place, id, refusal)
    })
    await Promise.all(refused)
    await assertStillAnswers(place)
  }
})

test('a picture that is gone when it is fetched gets one clear answer', async () => {
  const picture = await hatPicture('gone')
  const asked = platformsOf(stack()).map(async (place) => {
    const id = await place.ask({ pictures: [picture], deliveries: withoutDelivery })
    await place.deletePictures(id)
    await place.redeliver(id)
    await assertRefused(place, id, 'gone')
  })
  await Promise.all(asked)
})

test('a web page instead of the picture gets one clear answer', async () => {
  const picture = await hatPicture('web page')
  const slack = slackPlatform(stack())
  await assertRefused(slack, await slack.ask({ pictures: [{ ...picture, scope: 'missing' }] }), 'login-page')
  const x = xPlatform(stack())
  await tell(`${stack().urls.x}/_sim/faults`, { method: 'media', kind: 'html', times: 1 })
  await assertRefused(x, await x.ask({ pictures: [picture] }), 'login-page')
})

test('an address inside this machine or network gets one clear answer, and nothing is fetched from it', async () => {
  let connections = 0
  const trap = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((listening) => trap.listen(0, '127.0.0.1', listening))
  const port = (trap.address() as { port: number }).port
  const addresses = [
    `https://127.0.0.1:${port}/a.png`,
    `http://localhost:${port}/a.png`,
    `https://files.slack.com@127.0.0.1:${port}/a.png`,
    `https://2130706433:${port}/a.png`,
    `https://[::ffff:127.0.0.1]:${port}/a.png`,
    `http://files.slack.com:${port}/a.png`,
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/a.png',
    'file:///etc/hostname',
  ]
  const forge = { slack: forgeSlackFile, x: forgeXMention }
  try {
    for (const place of platformsOf(stack())) {
      const refused = addresses.map(async (address) => {
        const id = await place.ask({ deliveries: withoutDelivery })
        await forge[place.channel](stack(), id, address)
        await assertRefused(place, id, 'forbidden-address')
      })
      await Promise.all(refused)
    }
    assert.equal(connections, 0)
  } finally {
    trap.close()
  }
})

test('a reply that X refuses for good ends as failed, with the reason and without a second try', async () => {
  const x = xPlatform(stack())
  const id = await x.ask({ extra: { text: 'nobody was summoned here' } })
  await forgeXMention(stack(), id)
  const { id: messageId, outcome, reason } = await finishedMessage(stack(), x.workflowId(id))
  assert.equal(outcome, 'failed')
  assert.match(reason ?? '', /403/)
  const reply = await stack()
    .db.selectFrom('replies')
    .select(['state', 'attempts', 'failure'])
    .where('message_id', '=', messageId)
    .executeTakeFirstOrThrow()
  assert.deepEqual(reply, { state: 'undeliverable', attempts: 1, failure: reason })
  assert.equal((await x.repliesTo(id)).length, 0)
})

test('what is not for the bot is ignored: plain messages and replies, its own posts, other bots', async () => {
  const { db } = stack()
  const slack = slackPlatform(stack())
  const x = xPlatform(stack())
  const picture = await hatPicture('for us')
  const forUs = {
    slack: await slack.ask({ pictures: [picture], place: 'C0IGNORE' }),
    x: await x.ask({ pictures: [picture] }),
  }
  const onX = await replyTo(x, forUs.x)
  await replyTo(slack, forUs.slack)
  const messages = async () => (await db.selectFrom('messages').select('id').execute()).length
  const before = await messages()

  const [channel = '', ts = ''] = forUs.slack.split('/')
  const plain = { text: 'I like hats', wait: true }
  await slack.ask({ place: channel, pictures: [picture], extra: plain })
  await slack.ask({ place: channel, pictures: [picture], extra: { ...plain, threadTs: ts } })
  await x.ask({ pictures: [picture], extra: { ...plain, inReplyTo: onX.id } })
  const botUserId = stack().secrets.bots['fedora-finder']?.slack.botUserId
  const fromAnotherBot = { type: 'message', channel, user: 'U0OTHER', bot_id: 'B0OTHER', ts: '1700000000.000100' }
  await forgeOnSlack(stack(), { ...fromAnotherBot, text: `<@${botUserId}> what is this?` })

  const ignored = await db
    .selectFrom('inbound_events')
    .select(['ignored_because as because', 'request'])
    .where('ignored_because', 'is not', null)
    .execute()
  const reasons = ignored.map(({ because }) => because)
  const count = (reason: string) => reasons.filter((because) => because === reason).length
  assert(count('not addressed to us') >= 3, reasons.join())
  assert(count('our own post') >= 1)
  assert(count('not written by a person') >= 2)
  assert(ignored.every(({ request }) => request === null))
  assert.equal(await messages(), before)
  assert.equal((await slack.repliesTo(forUs.slack)).length, 1)
  assert.equal((await x.repliesTo(forUs.x)).length, 1)
})
