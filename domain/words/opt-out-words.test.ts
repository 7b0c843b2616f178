import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canBeSilenced, optOutWish } from './opt-out-words.ts'

const words = { stop: ['stop', 'opt out', 'unsubscribe'], start: ['start', 'opt in'] }

void test('the whole message is a wish, whatever its capitals, marks and the names in front', () => {
  for (const text of [
    'stop',
    ' STOP ',
    'Stop!',
    '“stop”',
    'Opt-Out.',
    'opt  out',
    '@ada @bob_2 unsubscribe',
    'ＳＴＯＰ',
  ])
    assert.equal(optOutWish(text, words), 'stop', text)
  for (const text of ['start', 'Opt in!']) assert.equal(optOutWish(text, words), 'start', text)
})

void test('a word within a sentence, and no word at all, are no wish', () => {
  for (const text of ['stop it', 'do not stop', 'where is the bus stop?', '', '…', '@stop', 'started', 'opt'])
    assert.equal(optOutWish(text, words), undefined, text)
})

void test('a bot without a word for it has no such wish', () => {
  assert.equal(optOutWish('stop', { stop: ['halt'], start: [] }), undefined)
  assert.equal(optOutWish('', { stop: ['!'], start: [''] }), undefined)
})

void test('posts, direct messages and threads can be silenced; commands, programs and load tests cannot', () => {
  const onX = { kind: 'x-post', accountId: '1', postId: '2' } as const
  assert(canBeSilenced({ address: onX }))
  assert(canBeSilenced({ address: { kind: 'slack-thread', team: 'T', channelId: 'D1', threadTs: '1.1' } }))
  assert(!canBeSilenced({ address: onX, synthetic: true }))
  assert(!canBeSilenced({ address: { kind: 'slack-channel', team: 'T', channelId: 'C1' } }))
  assert(!canBeSilenced({ address: { kind: 'http' } }))
})
