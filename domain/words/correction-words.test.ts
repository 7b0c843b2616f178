import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBot } from '../../test/support/bots.ts'
import { correctionStates } from '../correction.ts'
import {
  flipText,
  newHereText,
  questionText,
  receiptText,
  reviewText,
  settledText,
  toAskerText,
} from './correction-words.ts'

const bot = testBot()
const standing = (state: (typeof correctionStates)[number], label?: string) => ({ state, label, votes: 1, needed: 2 })
const receipt = (state: (typeof correctionStates)[number], label?: string) =>
  receiptText(bot, { verdict: 'counted', standing: standing(state), label })

test('a person is told what became of a vote, in the words of labels', () => {
  assert.equal(receipt('open', 'no-fedora'), 'noted no fedora 1/2')
  assert.equal(receipt('open'), "noted can't tell 1/2")
  assert.equal(receipt('accepted', 'no-fedora'), 'accepted no fedora 1/2')
  assert.equal(receipt('conflicted', 'fedora'), 'conflicted fedora 1/2')
})

test('nobody is promised that a quarantined correction is learned from', () => {
  assert.match(receipt('quarantined', 'no-fedora'), /^settled /)
})

test('who waits for a reviewer is told why', () => {
  const told = (state: 'quarantined' | 'conflicted', heldBack: 'new-here' | 'was-confirmed') =>
    receiptText(bot, { verdict: 'counted', standing: { ...standing(state), heldBack }, label: 'no-fedora' })
  assert.equal(told('quarantined', 'new-here'), 'newHere no fedora 1/2')
  assert.equal(told('conflicted', 'was-confirmed'), 'wasConfirmed no fedora 1/2')
  assert.equal(newHereText(bot, 'no-fedora'), 'newHere no fedora {votes}/{needed}')
  assert.match(flipText(bot, { from: 'fedora', to: ['no-fedora'] }), /had confirmed fedora, and now say no fedora/)
})

test('every state has words for whoever voted', () => {
  for (const state of correctionStates) assert.match(receipt(state, 'fedora'), /^\w+ fedora 1\/2$/)
})

test('a vote that does not count says why', () => {
  const told = (verdict: 'daily-limit' | 'too-late') =>
    receiptText(bot, { verdict, standing: standing('accepted', 'fedora'), label: 'no-fedora' })
  assert.match(told('daily-limit'), /^dailyLimit /)
  assert.match(told('too-late'), /^tooLate /)
})

test('a settled question says its label, and one that nobody could answer says that', () => {
  assert.match(settledText(bot, 'no-fedora'), /^settled no fedora/)
  assert.match(settledText(bot, undefined), /^undecided/)
  assert.match(toAskerText(bot, 'fedora'), /^toAsker fedora/)
  assert.match(toAskerText(bot, undefined), /^undecided/)
})

test('reviewers read what people say; a question names the answer that was given', () => {
  assert.match(reviewText(bot, ['fedora', 'no-fedora']), /fedora, no fedora/)
  const words = { ...bot.words, corrections: { ...bot.words.corrections, question: 'I said {answer}.' } }
  assert.equal(questionText(testBot({ words }), 'fedora, 70 %'), 'I said fedora, 70 %.')
})
