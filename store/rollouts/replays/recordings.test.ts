import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { ReplyAddress } from '../../../domain/address.ts'
import { saveChoices } from '../../messages/choices.ts'
import { choiceOf, messageInSlack } from '../../../test/support/messages/corrections.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { keepMessage } from '../../../test/support/messages/kept-messages.ts'
import { stagedRollout } from '../../../test/support/learning/staged-rollout.ts'
import type { InboundMessage } from '../../../domain/inbound.ts'
import { countRecordings, recordInputs, recordingsOf, sweepRecordings } from './recordings.ts'

const db = useDatabase()

/** Says something, which is recorded. */
async function say(message: InboundMessage, input: string): Promise<string> {
  const messageId = await keepMessage(db(), message, { receivedAt: new Date() })
  const { bot, channel } = message
  const decoy = { messageId, bot, channel, unit: 'unit', preprocessingVersion: '1' }
  await recordInputs(db(), { ...decoy, inputs: [{ position: 0, inputSha256: input }] })
  return messageId
}

const answer = (messageId: string, label: string) =>
  saveChoices(db(), messageId, [{ position: 0, choice: choiceOf(label), unsure: false }])

async function contextOf(bot: string, messageId: string) {
  const all = await recordingsOf(db(), bot, { limit: 100 })
  return all.find((recording) => recording.messageId === messageId)?.context
}

/** Messages at one address, each of them its own. */
const at = (address: ReplyAddress, bot: string, overrides: Partial<InboundMessage> = {}) =>
  messageInSlack({ bot, businessKey: `${bot}.${randomUUID()}`, address, ...overrides })

test('a recording knows what came before in its thread, and what had been answered by then', async () => {
  const bot = `bot-${randomUUID()}`
  const thread = { kind: 'slack-thread', team: 'T1', channelId: 'C1', threadTs: randomUUID() } as const
  const first = await say(at(thread, bot), 'one')
  await answer(first, 'fedora')
  const second = await say(at(thread, bot), 'two')
  await say(at({ ...thread, threadTs: randomUUID() }, bot), 'elsewhere')
  await say(at(thread, `other-${bot}`), 'asked of another bot')
  const third = await say(at(thread, bot, { intent: 'ask-all' }), 'three')
  const expected = {
    intent: 'ask-all',
    subject: null,
    earlier: [
      { message: second, inputs: [{ sha256: 'two', answered: null }] },
      { message: first, inputs: [{ sha256: 'one', answered: 'fedora' }] },
    ],
  }
  assert.deepEqual(await contextOf(bot, third), expected)
  assert.deepEqual((await contextOf(bot, first))?.earlier, [])
  // An answer that comes later was not known then.
  await answer(second, 'no-fedora')
  assert.deepEqual(await contextOf(bot, third), expected)
})

test('direct messages with one person are a conversation, public posts are none, and the newest five are kept', async () => {
  const bot = `bot-${randomUUID()}`
  const direct = (messageId: string, participantId: string) =>
    at({ kind: 'x-direct', accountId: '1', participantId, messageId }, bot, { channel: 'x', authorId: participantId })
  for (const input of ['1', '2', '3', '4', '5', '6']) await say(direct(input, 'ada'), input)
  await say(direct('7', 'ben'), 'of another person')
  const post = { kind: 'x-post', accountId: '1', postId: '8' } as const
  const posted = await say(at(post, bot, { channel: 'x', authorId: 'ada' }), 'posted')
  const last = await say(direct('9', 'ada'), '9')
  const inputsOf = async (id: string) => (await contextOf(bot, id))?.earlier.map(({ inputs }) => inputs[0]?.sha256)
  assert.deepEqual(await inputsOf(last), ['6', '5', '4', '3', '2'])
  assert.deepEqual(await inputsOf(posted), [])
})

test('recordings are counted and taken from within a span of time, the newest first', async () => {
  const scene = await stagedRollout(db())
  const { bot } = scene
  const days = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)))
  for (const day of days) {
    const id = await scene.ask()
    await sql`update recordings set recorded_at = ${day} where message_id = ${id}`.execute(db())
  }
  const [first, second, third] = days
  const daysOf = async (within: { since?: Date | undefined; until?: Date | undefined; limit: number }) =>
    (await recordingsOf(db(), bot, within)).map(({ recordedAt }) => recordedAt.getUTCDate())
  assert.deepEqual(await daysOf({ since: first, until: third, limit: 9 }), [2, 1])
  assert.deepEqual(await daysOf({ until: second, limit: 9 }), [1])
  assert.deepEqual(await daysOf({ since: second, limit: 1 }), [3])
  assert.deepEqual(
    [await countRecordings(db(), bot, { since: second }), await countRecordings(db(), bot, { until: second })],
    [2, 1],
  )
})

test('recordings are kept once, know what people settled on, and go when their time is over', async () => {
  const scene = await stagedRollout(db())
  const messageId = await scene.ask()
  const decoy = { messageId, bot: scene.bot, channel: 'x', unit: 'u', preprocessingVersion: 'p1' } as const
  await recordInputs(db(), { ...decoy, inputs: [{ position: 0, inputSha256: 'other' }] })
  await scene.labelBlind(messageId, 'no-fedora')
  const [recording, ...more] = await recordingsOf(db(), scene.bot, { limit: 10 })
  assert.equal(more.length, 0)
  assert.equal(recording?.truth, 'no-fedora')
  assert.equal(recording.inputSha256, '0'.repeat(64))
  await sql`update recordings set expires_at = now() where bot = ${scene.bot}`.execute(db())
  assert.deepEqual(await recordingsOf(db(), scene.bot, { limit: 10 }), [])
  assert((await sweepRecordings(db())) >= 1)
})
