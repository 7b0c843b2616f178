import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ModerationScores, verdictOf } from './verdict.ts'

const scores = (some: Partial<ModerationScores>): ModerationScores => ({
  drawing: 0,
  hentai: 0,
  neutral: 0,
  porn: 0,
  sexy: 0,
  ...some,
})

test('a drawing or a photograph of anything harmless is shown', () => {
  assert.equal(verdictOf(scores({ drawing: 1 })), 'shown')
  assert.equal(verdictOf(scores({ neutral: 1 })), 'shown')
})

test('what is explicit is withheld from 0.6 on, drawn and photographed taken together', () => {
  assert.equal(verdictOf(scores({ porn: 0.6, neutral: 0.4 })), 'withheld')
  assert.equal(verdictOf(scores({ hentai: 0.6, drawing: 0.4 })), 'withheld')
  assert.equal(verdictOf(scores({ porn: 0.35, hentai: 0.35, neutral: 0.3 })), 'withheld')
  assert.equal(verdictOf(scores({ porn: 0.3, hentai: 0.29, neutral: 0.41 })), 'shown')
})

test('what is only revealing is withheld from 0.8 on, and does not add to what is explicit', () => {
  assert.equal(verdictOf(scores({ sexy: 0.8, neutral: 0.2 })), 'withheld')
  assert.equal(verdictOf(scores({ sexy: 0.79, neutral: 0.21 })), 'shown')
  assert.equal(verdictOf(scores({ sexy: 0.45, porn: 0.55 })), 'shown')
})

test('scores that are no numbers withhold a picture', () => {
  assert.equal(verdictOf(scores({ porn: Number.NaN })), 'withheld')
  assert.equal(verdictOf(scores({ sexy: Number.NaN })), 'withheld')
})
