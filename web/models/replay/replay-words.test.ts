import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareWords, shownWords } from './replay-words.ts'

test('nothing recorded is no agreement', () => {
  assert.equal(
    shareWords(1, 0, (share) => share),
    'nothing was recorded then',
  )
  assert.equal(
    shareWords(1, 12, (share) => share),
    '100 %',
  )
})

test('a list that leaves something out says so', () => {
  assert.equal(shownWords(50, 1_234), 'The report keeps the newest 50 of 1,234.')
  assert.equal(shownWords(3, 3), undefined)
})
