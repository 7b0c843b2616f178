import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Choice } from '../rendezvous/score.ts'
import type { Bot } from '../bot.ts'
import { refusalCodes } from '../refusals.ts'
import { type PlacedChoice, replyOffers, replyText, type Say } from './reply-text.ts'
import { testBot } from '../../test/support/bots.ts'

const bot = testBot({
  name: 'pets',
  labels: [
    { id: 'cat', words: 'a cat' },
    { id: 'dog', words: 'a dog' },
  ],
  words: {
    ...testBot().words,
    notKnown: 'I know {labels} only.',
    apology: 'Sorry.',
    refusals: Object.fromEntries(
      refusalCodes.map((code) => [code, `{bot} says ${code} {unknown}`]),
    ) as Bot['words']['refusals'],
  },
})
const messageId = '0123abcd-4567-4890-abcd-ef0123456789'
const choice: Choice = {
  policy: 'average',
  slot: 'main',
  version: 1,
  label: 'cat',
  confidence: 0.874,
  known: true,
  reason: 'the average of 2 live versions',
  deadlineHit: false,
  candidates: [
    { slot: 'main', version: 1, label: 'cat', confidence: 0.95, known: true, arrivedMs: 5, used: true },
    { slot: 'deep', version: 2, label: 'dog', confidence: 0.6, known: true, arrivedMs: 9, used: true },
  ],
  probabilities: { cat: 0.874, dog: 0.126 },
  late: [],
}
const names = ['hat.png', undefined]
const say = (what: Say, channel: 'slack' | 'x' = 'slack') => replyText(what, { bot, channel, messageId, names })
const answers = (...choices: PlacedChoice[]): Say => ({ kind: 'choices', choices, refused: [], everyVersion: false })
const one = (changes: Partial<Choice> = {}) =>
  answers({ position: 0, choice: { ...choice, ...changes }, unsure: false })

test('an answer says the label in words and its calibrated confidence', () => {
  assert.equal(say(one()), 'a cat: 87 % likely')
})

test('nobody is told 0 or 100 %', () => {
  const percents = [0, 0.001, 0.999, 1].map((confidence) => say(one({ confidence })))
  assert.deepEqual(percents, ['a cat: 1 % likely', 'a cat: 1 % likely', 'a cat: 99 % likely', 'a cat: 99 % likely'])
})

test('an input far from training is never answered with a label', () => {
  assert.equal(say(one({ known: false })), 'I know a cat, a dog only.')
})

test('refusals and the apology have their words; what is unknown stays as it is', () => {
  assert.equal(say({ kind: 'refusal', refusal: 'gone' }), 'pets says gone {unknown}')
  assert.equal(say({ kind: 'apology' }), 'Sorry.')
})

test('on X the text ends in a reference: the same for every attempt, another for every message', () => {
  assert.equal(say({ kind: 'apology' }, 'x'), 'Sorry. · 0123abcd')
  const other = replyText({ kind: 'apology' }, { bot, channel: 'x', messageId: `f${messageId.slice(1)}`, names })
  assert.notEqual(other, say({ kind: 'apology' }, 'x'))
})

test('an unsure answer says so', () => {
  assert.equal(say(answers({ position: 0, choice, unsure: true })), 'a cat: 87 % likely. I am not sure.')
  const sentence = { ...bot, words: { ...bot.words, answer: 'That is {label}.' } }
  const what = answers({ position: 0, choice, unsure: true })
  assert.equal(replyText(what, { bot: sentence, channel: 'slack', messageId, names }), 'That is a cat. I am not sure.')
})

test('several pictures get one reply that names each, those that cannot be used too', () => {
  const choices = [{ position: 0, choice, unsure: false }]
  const text = say({ kind: 'choices', choices, refused: [{ position: 1, refusal: 'gone' }], everyVersion: false })
  assert.equal(text, 'hat.png: a cat: 87 % likely\n2.: pets says gone {unknown}')
})

test('who asks every version reads each one, the highest confidence, the average and who was late', () => {
  const choices = [{ position: 0, choice: { ...choice, late: ['third v3'] }, unsure: false }]
  const text = say({ kind: 'choices', choices, refused: [], everyVersion: true })
  assert.deepEqual(text.split('\n'), [
    'main v1: a cat, 95 %',
    'deep v2: a dog, 60 %',
    'highest: main v1: a cat, 95 %',
    'average: a cat, 87 %',
    'late: third v3',
  ])
})

test('every answer offers its labels for a correction; a refusal offers nothing', () => {
  const offers = replyOffers(one(), { bot, messageId })
  assert.deepEqual(
    offers.map(({ kind, prediction }) => [kind, prediction]),
    [['menu', messageId]],
  )
  assert.deepEqual(replyOffers({ kind: 'apology' }, { bot, messageId }), [])
})
