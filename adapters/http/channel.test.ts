import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingReply } from '../../domain/channel.ts'
import type { InboundMessage } from '../../domain/inbound.ts'
import { createHttpChannel } from './channel.ts'

const channel = createHttpChannel()
const address = { kind: 'http' } as const
const reply: OutgoingReply = { key: 'answer:fedora-finder:http:1:reply', address, text: 'fedora: 87 % likely' }
const link = 'https://pictures.example/hat.png'

const asked = (parts: Partial<InboundMessage> = {}): InboundMessage => ({
  bot: 'fedora-finder',
  channel: 'http',
  businessKey: 'fedora-finder.1',
  authorId: 'local-admin',
  address,
  text: 'what is this?',
  pictures: [],
  sentAt: '2026-11-21T12:00:00.000Z',
  ...parts,
})

void test('a reply gets an id that no other reply has, because a platform gives none', async () => {
  const ids = [await channel.send(reply), await channel.send(reply)]
  // Load tests count a reply as one that left the house unless its id begins so (store/messages/load-tests.ts).
  for (const id of ids) assert.match(id, /^http-[0-9a-f-]{36}$/)
  assert.notEqual(ids[0], ids[1])
})

void test('no earlier attempt is ever found: nobody saw what was not recorded', async () => {
  await channel.send(reply)
  assert.equal(await channel.find(reply, new Date(0)), undefined)
})

void test('pictures are blobs of ours, in the order in which they were sent', async () => {
  const pictures = [{ id: 'b'.repeat(64), name: 'second.png' }, { id: 'a'.repeat(64) }]
  const found = [{ sha256: 'b'.repeat(64) }, { sha256: 'a'.repeat(64) }]
  assert.deepEqual(await channel.picturesOf(asked({ pictures })), found)
})

void test('a link is one that a person typed, so the rule of the bot for hosts holds, and no header goes there', async () => {
  const subject = { kind: 'link', url: link } as const
  assert.deepEqual(await channel.picturesOf(asked({ subject })), [{ url: link, headers: {}, typed: true }])
})

void test('pictures of one’s own go before a link', async () => {
  const parts = { pictures: [{ id: 'a'.repeat(64) }], subject: { kind: 'link', url: link } } as const
  assert.deepEqual(await channel.picturesOf(asked(parts)), [{ sha256: 'a'.repeat(64) }])
})

void test('what only a platform could show is no picture here', async () => {
  const subject = { kind: 'latest-picture', channelId: 'C0GENERAL', userId: 'U0ADA' } as const
  assert.deepEqual(await channel.picturesOf(asked({ subject })), [])
  assert.deepEqual(await channel.picturesOf(asked()), [])
})

void test('there are no forms, and a changed text needs no call', async () => {
  assert.equal(await channel.openForm('1', { kind: 'predict', title: 'a', prompt: 'b', context: '{}' }), false)
  await channel.update({ id: 'http-1', address, text: 'settled' })
})
