import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MalformedEvent } from '../../domain/errors.ts'
import { testBot } from '../../test/support/bots.ts'
import { parseSlackCommand } from './parse-command.ts'

const bot = testBot({
  name: 'after-dark',
  labels: [
    { id: 'engineer', words: 'an engineer' },
    { id: 'not-engineer', words: 'not an engineer' },
  ],
  commands: ['predict', 'predict-rendezvous', 'fix', 'match'],
})
const now = '2026-01-02T03:04:05.000Z'
const form = (fields: Record<string, string>) =>
  Buffer.from(
    new URLSearchParams({
      team_id: 'T1',
      channel_id: 'C1',
      user_id: 'U1',
      trigger_id: '111.222.abc',
      response_url: 'https://hooks.slack.com/commands/T1/1/x',
      ...fields,
    }).toString(),
  )
const parse = (command: string, text = '') => parseSlackCommand(form({ command, text }), bot, { now })
const requestOf = (command: string, text = '') => {
  const event = parse(command, text)
  return event.kind === 'request' ? event.request : assert.fail(event.kind)
}
const messageOf = (command: string, text = '') => {
  const request = requestOf(command, text)
  return request.kind === 'message' ? request.message : assert.fail(request.kind)
}
const voteOf = (text: string) => {
  const request = requestOf('/fix', text)
  return request.kind === 'vote' ? request.vote : assert.fail(request.kind)
}
const toldOf = (command: string, text = '') => {
  const event = parse(command, text)
  return event.kind === 'told' ? event.text : assert.fail(event.kind)
}

test('/predict asks about a link, a message, or the latest picture here, and is answered in the channel', () => {
  const message = messageOf('/predict', '<https://pictures.example/a.png?x=1&amp;y=2>')
  assert.deepEqual(message.subject, { kind: 'link', url: 'https://pictures.example/a.png?x=1&y=2' })
  const responseUrl = 'https://hooks.slack.com/commands/T1/1/x'
  assert.deepEqual(message.address, { kind: 'slack-channel', team: 'T1', channelId: 'C1', responseUrl })
  assert.equal(message.businessKey, 'after-dark.T1.111.222.abc')
  const link = messageOf('/predict', 'https://acme.slack.com/archives/C2/p1700000000000100')
  assert.deepEqual(link.subject, { kind: 'slack-message', channelId: 'C2', ts: '1700000000.000100' })
  assert.deepEqual(messageOf('/predict').subject, { kind: 'latest-picture', channelId: 'C1', userId: 'U1' })
  assert.equal(messageOf('/predict').triggerId, '111.222.abc')
  assert.equal(messageOf('/predict-rendezvous').intent, 'ask-all')
})

test('/fix names an answer, a picture, or nothing, and the label in any of its forms', () => {
  for (const words of ['engineer', 'an engineer', 'Engineer!', 'it’s an engineer'])
    assert.equal(voteOf(words).label, 'engineer', words)
  assert.equal(voteOf('not an engineer').label, 'not-engineer')
  assert.deepEqual(voteOf('engineer').target, { kind: 'latest', place: 'C1' })
  assert.deepEqual(voteOf('<https://acme.slack.com/archives/C2/p1700000000000100> not-engineer').target, {
    kind: 'reply',
    replyId: '1700000000.000100',
    place: 'C2',
  })
  assert.deepEqual(voteOf('https://pictures.example/a.png engineer').target, {
    kind: 'picture',
    subject: { kind: 'link', url: 'https://pictures.example/a.png' },
  })
  assert.equal(voteOf('engineer').address.kind, 'slack-ephemeral')
})

test('what is wrongly used is told with the usage and the known labels, and is no request', () => {
  for (const [command, text] of [
    ['/predict', 'what?'],
    ['/fix', ''],
    ['/fix', 'wizard'],
    ['/fix', 'https://pictures.example/a.png'],
    ['/match', 'everyone'],
    ['/unknown', ''],
  ] as const)
    assert.match(toldOf(command, text), /\/predict \[picture link[\s\S]*Labels: engineer, not-engineer/)
})

test('a bot without a command does not take it', () => {
  const event = parseSlackCommand(form({ command: '/match', text: '' }), { ...bot, commands: ['fix'] }, { now })
  assert.equal(event.kind, 'told')
})

test('a form without the documented fields is malformed, and says no values', () => {
  const body = Buffer.from('command=%2Fpredict&text=secret&team_id=T1')
  assert.throws(
    () => parseSlackCommand(body, bot, { now }),
    (error) => error instanceof MalformedEvent && !error.message.includes('secret'),
  )
})

test('whatever is typed after a command is told or requested, never a crash', () => {
  fc.assert(
    fc.property(fc.constantFrom('/predict', '/fix', '/match'), fc.string({ unit: 'binary' }), (command, text) => {
      assert(['told', 'request'].includes(parse(command, text).kind))
    }),
  )
})
