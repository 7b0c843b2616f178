import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Card } from '../../domain/channel.ts'
import { personMark } from '../../domain/words/match-text.ts'
import { checkBlocks } from '../../simulators/slack/blocks/check.ts'
import { testBot } from '../../test/support/bots.ts'
import { blocksOf } from './outbound/blocks.ts'
import { cardBlocks } from './outbound/evidence-card.ts'
import { naming } from './outbound/reply-text.ts'
import { parseSlackCommand } from './parse-command.ts'
import { parseSlackInteraction } from './parse-interaction.ts'

const bot = testBot({ commands: ['train', 'versions', 'rollback'] })
const evidenceId = randomUUID()
const now = { now: '2026-01-02T03:04:05.000Z' }

const card: Card = {
  heading: 'x'.repeat(400),
  points: Array.from({ length: 9 }, (_, at) => ({
    title: `Point <${at}>`,
    text: '<!channel> & '.repeat(400),
    links: [{ words: 'fedora → no fedora', url: 'http://understudy.example/conversations/1' }],
  })),
  footer: `Promoted by ${personMark}.`,
  version: 7,
  ask: { evidenceId, promote: true, caution: 'c'.repeat(500) },
  rollback: true,
}

const parse = (payload: object) =>
  parseSlackInteraction(Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()), bot, now)

const click = (action: object, changes: object = {}) => ({
  type: 'block_actions',
  user: { id: 'U1', team_id: 'T1' },
  team: { id: 'T1' },
  channel: { id: 'C1' },
  message: { ts: '1700000000.000100' },
  response_url: 'https://hooks.slack.com/actions/T1/1/x',
  actions: [{ action_ts: '1700000001.000200', ...action }],
  ...changes,
})
const decide = (value: string, changes: object = {}) =>
  click({ action_id: `decide.${value}`, block_id: `decide:7:${evidenceId}`, value }, changes)

const requestOf = (payload: object) => {
  const event = parse(payload)
  assert(event.kind === 'request', event.kind)
  return event.request
}

test('a card keeps to the limits of Block Kit, escapes what it says, and names who decided', () => {
  const blocks = cardBlocks(card, naming(card.footer, 'U0ADA'))
  const checked = checkBlocks(JSON.parse(JSON.stringify(blocks)))
  assert('value' in checked, JSON.stringify(checked))
  const text = JSON.stringify(blocks)
  assert(!text.includes('<!channel>'))
  assert(text.includes('<@U0ADA>'))
})

test('a card that waits for nothing has no buttons but the one that takes the version back', () => {
  const decided = { ...card, ask: undefined }
  const names = cardBlocks(decided, '').flatMap((block) => ('block_id' in block ? [block.block_id] : []))
  assert.deepEqual(names, ['rollback:7'])
  const without = cardBlocks({ ...card, ask: { evidenceId, promote: false } }, '')
  assert(!JSON.stringify(without).includes('decide.promote'))
})

test('a card that goes past its evidence says that a promotion needs a reason; else the reason is optional', () => {
  const reasonOf = (asked: Card) =>
    cardBlocks(asked, '').flatMap((block) => (block.type === 'input' ? [[block.label.text, block.optional]] : []))
  assert.deepEqual(reasonOf(card), [['Your reason (a promotion past the evidence needs one)', false]])
  assert.deepEqual(reasonOf({ ...card, ask: { evidenceId, promote: true } }), [['Your reason', true]])
})

test('a click on a card is a decision on what it showed, with the reason that was written', () => {
  const state = {
    values: { [`reason:${evidenceId}`]: { reason: { type: 'plain_text_input', value: ' looks good ' } } },
  }
  const request = requestOf(decide('promote', { state }))
  assert(request.kind === 'decision')
  const { version, evidenceId: seen, decision, reason, authorId } = request.decision
  assert.deepEqual([version, seen, decision, reason, authorId], [7, evidenceId, 'promote', 'looks good', 'U1'])
  const silent = requestOf(decide('hold'))
  assert(silent.kind === 'decision')
  assert.equal(silent.decision.reason, '')
})

test('a double click is one decision; another button, person or evidence is another', () => {
  const key = (value: string, changes: object = {}) => {
    const request = requestOf(decide(value, changes))
    return request.kind === 'decision' ? request.decision.businessKey : ''
  }
  const again = { actions: [{ ...decide('promote').actions[0], action_ts: '1700000001.900200' }] }
  assert.equal(key('promote'), key('promote', again))
  assert.notEqual(key('promote'), key('reject'))
  assert.notEqual(key('promote'), key('promote', { user: { id: 'U2' } }))
})

test('a button with another name, and a decision that there is not, are told and not stored', () => {
  assert.equal(parse(click({ action_id: 'x', block_id: 'decide:7:not-a-uuid', value: 'promote' })).kind, 'told')
  assert.equal(parse(decide('destroy')).kind, 'told')
})

test('a button under a blind question is a label; one that is none of ours is told', () => {
  const questionId = randomUUID()
  const [, block] =
    blocksOf('which?', [{ kind: 'blind', prediction: questionId, prompt: '', labels: bot.labels }]) ?? []
  const answer = (value: string) => click({ action_id: `vote.${value}`, block_id: block?.block_id, value })
  const request = requestOf(answer('fedora'))
  assert(request.kind === 'blind-label')
  assert.deepEqual([request.label.questionId, request.label.label], [questionId, 'fedora'])
  const unknown = requestOf(answer('-'))
  assert.equal(unknown.kind === 'blind-label' && unknown.label.label, undefined)
  assert.equal(parse(answer('wizard')).kind, 'told')
})

test('the button under a live card, and the command, take a version back', () => {
  const request = requestOf(click({ action_id: 'rollback', block_id: 'rollback:7', value: 'rollback' }))
  assert(request.kind === 'order')
  assert.deepEqual([request.order.order, request.order.version], ['rollback', 7])
  const typed = (text: string) => {
    const form = { team_id: 'T1', channel_id: 'C1', user_id: 'U1', command: '/rollback', text, trigger_id: '1.2.x' }
    const event = parseSlackCommand(Buffer.from(new URLSearchParams(form).toString()), bot, now)
    assert(event.kind === 'request' && event.request.kind === 'order')
    return [event.request.order.version, event.request.order.reason]
  }
  assert.deepEqual(typed(''), [undefined, ''])
  assert.deepEqual(typed('7 calls caps fedoras'), [7, 'calls caps fedoras'])
  assert.deepEqual(typed('v7'), [7, ''])
  assert.deepEqual(typed('7th heaven'), [undefined, '7th heaven'])
})
