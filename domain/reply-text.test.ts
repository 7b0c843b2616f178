import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bot } from './bot.ts'
import { refusalCodes } from './refusals.ts'
import { replyText, type Say } from './reply-text.ts'

const bot: Bot = {
  name: 'pets',
  channels: ['slack', 'x'],
  family: 'picture-classifier',
  labels: [
    { id: 'cat', words: 'a cat' },
    { id: 'dog', words: 'a dog' },
  ],
  policy: 'primary-then-best',
  words: {
    answer: '{label}: {percent} % likely',
    notKnown: 'I know {labels} only.',
    apology: 'Sorry.',
    refusals: Object.fromEntries(
      refusalCodes.map((code) => [code, `{bot} says ${code} {unknown}`]),
    ) as Bot['words']['refusals'],
  },
}
const messageId = '0123abcd-4567-4890-abcd-ef0123456789'
const choice = { label: 'cat', confidence: 0.874, known: true }
const say = (what: Say, channel: 'slack' | 'x' = 'slack') => replyText(what, { bot, channel, messageId })

test('an answer says the label in words and its calibrated confidence', () => {
  assert.equal(say({ kind: 'choice', choice }), 'a cat: 87 % likely')
})

test('nobody is told 0 or 100 %', () => {
  const percents = [0, 0.001, 0.999, 1].map((confidence) => say({ kind: 'choice', choice: { ...choice, confidence } }))
  assert.deepEqual(percents, ['a cat: 1 % likely', 'a cat: 1 % likely', 'a cat: 99 % likely', 'a cat: 99 % likely'])
})

test('an input far from training is never answered with a label', () => {
  assert.equal(say({ kind: 'choice', choice: { ...choice, known: false } }), 'I know a cat, a dog only.')
})

test('refusals and the apology have their words; what is unknown stays as it is', () => {
  assert.equal(say({ kind: 'refusal', refusal: 'gone' }), 'pets says gone {unknown}')
  assert.equal(say({ kind: 'apology' }), 'Sorry.')
})

test('on X the text ends in a reference: the same for every attempt, another for every message', () => {
  assert.equal(say({ kind: 'apology' }, 'x'), 'Sorry. · 0123abcd')
  const other = replyText({ kind: 'apology' }, { bot, channel: 'x', messageId: `f${messageId.slice(1)}` })
  assert.notEqual(other, say({ kind: 'apology' }, 'x'))
})
