import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MalformedEvent } from '../../domain/errors.ts'
import { testBot } from '../../test/support/bots.ts'
import { blocksOf } from './outbound/blocks.ts'
import { parseSlackInteraction } from './parse-interaction.ts'

const bot = testBot()
const prediction = '0123abcd-4567-4890-abcd-ef0123456789'
const now = '2026-01-02T03:04:05.000Z'
const parse = (payload: object) =>
  parseSlackInteraction(Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()), bot, { now })

/** The click on something that the bot itself has posted. */
function click(kind: 'menu' | 'buttons', value: string, changes: object = {}) {
  const [, block] = blocksOf('hi', [{ kind, prediction, prompt: 'Wrong?', labels: bot.labels }]) ?? []
  const choice = kind === 'menu' ? { selected_option: { value } } : { value }
  return {
    type: 'block_actions',
    user: { id: 'U1', team_id: 'T1' },
    team: { id: 'T1' },
    channel: { id: 'C1' },
    container: { type: 'message', message_ts: '1.1' },
    message: { ts: '1700000000.000100', thread_ts: '1700000000.000001' },
    response_url: 'https://hooks.slack.com/actions/T1/1/x',
    actions: [{ action_id: 'vote', block_id: block?.block_id, action_ts: '1700000001.000200', ...choice }],
    ...changes,
  }
}
const voteOf = (payload: object) => {
  const event = parse(payload)
  assert(event.kind === 'request' && event.request.kind === 'vote', event.kind)
  return event.request.vote
}

test('a choice from the menu under an answer is a vote about that answer', () => {
  const vote = voteOf(click('menu', 'no-fedora'))
  assert.deepEqual(vote.target, { kind: 'prediction', messageId: prediction, position: 0 })
  assert.equal(vote.label, 'no-fedora')
  assert.equal(vote.address.kind === 'slack-ephemeral' && vote.address.threadTs, '1700000000.000001')
})

test("a button is a vote too, and can't tell names no label", () => {
  assert.equal(voteOf(click('buttons', 'fedora')).label, 'fedora')
  assert.equal(voteOf(click('buttons', '-')).label, undefined)
})

test('a double click shares its key when Slack repeats it, and two clicks do not', () => {
  const key = (changes: object = {}) => voteOf(click('menu', 'fedora', changes)).businessKey
  assert.equal(key(), key())
  assert.notEqual(key(), key({ user: { id: 'U2', team_id: 'T1' } }))
})

test('a label or a button that is not ours is told, not stored', () => {
  assert.equal(parse(click('menu', 'wizard')).kind, 'told')
  const foreign = { actions: [{ action_id: 'x', block_id: 'other', action_ts: '1.1', value: 'fedora' }] }
  assert.equal(parse(click('menu', 'fedora', foreign)).kind, 'told')
})

test('the shortcut opens a form with the labels, and its submission is a vote about that post', () => {
  const event = parse({
    type: 'message_action',
    callback_id: 'correct',
    trigger_id: '1.2.x',
    user: { id: 'U1', team_id: 'T1' },
    channel: { id: 'C1' },
    message: { ts: '1700000000.000100' },
  })
  assert(event.kind === 'form' && event.form.kind === 'correct')
  assert.deepEqual(event.form.labels, bot.labels)
  const vote = voteOf(submission('correct', { label: { selected_option: { value: 'fedora' } } }, event.form.context))
  assert.deepEqual(vote.target, { kind: 'reply', replyId: '1700000000.000100', place: 'C1' })
})

const submission = (callbackId: string, block: object, context: string) => ({
  type: 'view_submission',
  user: { id: 'U1' },
  team: { id: 'T1' },
  view: { id: 'V1', callback_id: callbackId, private_metadata: context, state: { values: { input: block } } },
})

test('a submitted picture is a message to the channel that the form was opened from', () => {
  const files = [{ id: 'F1', mimetype: 'image/png', url_private: 'https://files.slack.com/F1' }]
  const event = parse(submission('predict', { picture: { files } }, '{"channelId":"C7","intent":"ask-all"}'))
  assert(event.kind === 'request' && event.request.kind === 'message')
  const { address, pictures, intent } = event.request.message
  assert.deepEqual(address, { kind: 'slack-channel', team: 'T1', channelId: 'C7' })
  assert.deepEqual([pictures.length, intent], [1, 'ask-all'])
  const none = parse(submission('predict', { picture: { files: [] } }, '{"channelId":"C7"}'))
  assert.equal(none.kind, 'told')
})

test('a payload that is not of a documented shape is malformed', () => {
  const bodies = [
    '',
    'payload=',
    'payload=%7B',
    'payload=[]',
    `payload=${encodeURIComponent('{"type":"block_actions"}')}`,
  ]
  for (const body of bodies)
    assert.throws(() => parseSlackInteraction(Buffer.from(body), bot, { now }), MalformedEvent, body)
  assert.throws(() => parse(submission('predict', {}, 'not ours')), MalformedEvent)
})
