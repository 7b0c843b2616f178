import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerWorkflowId,
  conversationsQueue,
  conversationsQueues,
  replyKey,
  slackBusinessKey,
  slackTransportKey,
  xBusinessKey,
  xTransportKey,
} from './keys.ts'

test('a business key begins with the bot, and its workflow id names the bot once', () => {
  const key = slackBusinessKey('fedora-finder', 'T1', 'C1', '1700000000.000100')
  assert.equal(key, 'fedora-finder.T1.C1.1700000000.000100')
  assert.equal(answerWorkflowId('fedora-finder', 'slack', key), 'answer:fedora-finder:slack:T1.C1.1700000000.000100')
  assert.equal(answerWorkflowId('pulse', 'x', xBusinessKey('pulse', '42')), 'answer:pulse:x:42')
  assert.equal(replyKey('answer:pulse:x:42'), 'answer:pulse:x:42:reply')
})

test('direct messages on X have a queue of their own, and workers look after every queue of their channels', () => {
  assert.equal(conversationsQueue('x', 'x-post'), 'conversations-x')
  assert.equal(conversationsQueue('x', 'x-direct'), 'conversations-x-direct')
  assert.deepEqual(conversationsQueues('x'), ['conversations-x', 'conversations-x-direct'])
  assert.deepEqual(conversationsQueues('slack'), ['conversations-slack'])
})

test('transport keys of different platforms, bots and event types never meet', () => {
  const keys = [
    slackTransportKey('a', 'Ev1'),
    slackTransportKey('b', 'Ev1'),
    xTransportKey('a', 'post.mention.create', '1', '-5'),
    xTransportKey('a', 'post.reply.create', '1', '-5'),
    xTransportKey('a', 'post.mention.create', '2', '-5'),
  ]
  assert.equal(new Set(keys).size, keys.length)
})
