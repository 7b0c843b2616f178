import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LoadTestPlan, madeUpRequest } from './made-up.ts'

const plan: LoadTestPlan = {
  bot: 'fedora-finder',
  channel: 'x',
  input: 'picture',
  rate: 10,
  seconds: 10,
  pictures: 0.5,
}
const from = { id: 'a1', sentAt: '2026-01-02T03:04:05.000Z', blobs: ['one', 'two', 'three'] }
const messagesOf = (changes: Partial<LoadTestPlan>, count = 100) =>
  Array.from({ length: count }, (_, n) => madeUpRequest({ ...plan, ...changes }, n, from).request.message)

test('every message is marked synthetic, and no two share a key', () => {
  const events = Array.from({ length: 100 }, (_, n) => madeUpRequest(plan, n, from))
  assert.ok(events.every(({ request }) => request.message.synthetic === true))
  assert.equal(new Set(events.map(({ transportKey }) => transportKey)).size, 100)
  assert.equal(new Set(events.map(({ request }) => request.message.businessKey)).size, 100)
})

test('no id could be one of a platform', () => {
  for (const channel of ['x', 'slack'] as const)
    for (const message of messagesOf({ channel })) {
      assert.match(message.authorId, /^synthetic-/)
      for (const [name, value] of Object.entries(message.address))
        if (name !== 'kind') assert.match(String(value), /synthetic/)
    }
})

test('mentions and direct messages come in turn, on both platforms', () => {
  const kinds = messagesOf({}).map(({ address }) => address.kind)
  assert.equal(kinds.filter((kind) => kind === 'x-post').length, 50)
  assert.equal(kinds.filter((kind) => kind === 'x-direct').length, 50)
  const places = messagesOf({ channel: 'slack' }).map(
    ({ address }) => 'channelId' in address && address.channelId.slice(0, 1),
  )
  assert.equal(places.filter((place) => place === 'D').length, 50)
})

test('the share with a picture is as asked, all or none included', () => {
  const share = (pictures: number) => messagesOf({ pictures }).filter((message) => message.pictures.length === 1).length
  assert.deepEqual([0, 0.1, 0.5, 1].map(share), [0, 10, 50, 100])
})

test('a bot that reads text gets questions, and never a picture', () => {
  const messages = messagesOf({ input: 'text', pictures: 1 })
  assert.ok(messages.every(({ pictures }) => pictures.length === 0))
  assert.ok(new Set(messages.map(({ text }) => text)).size > 1)
})
