import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { directText, longestDirectMessage, longestPost, postText, weightedLength } from './reply-text.ts'

void test('characters and addresses weigh what X says', () => {
  assert.equal(weightedLength('fedora: 87 %'), 12)
  assert.equal(weightedLength('帽子'), 4)
  assert.equal(weightedLength('🎩'), 2)
  assert.equal(weightedLength('e\u0301'), 1)
  assert.equal(weightedLength('see https://a.io now'), 4 + 23 + 4)
  assert.equal(weightedLength('a.io'), 23)
})

void test('a text that fits is left as it is, another is cut between characters', () => {
  assert.equal(postText('fedora: 87 % likely · 4f2a'), 'fedora: 87 % likely · 4f2a')
  const text = fc.array(fc.constantFrom('a', ' ', '帽', '🎩', '👩‍🎨', 'a.io ', 'e\u0301'), { maxLength: 400 })
  fc.assert(
    fc.property(text, (pieces) => {
      const whole = pieces.join('')
      const said = postText(whole)
      assert.ok(weightedLength(said) <= longestPost)
      assert.ok(said === whole || (said.endsWith('…') && whole.startsWith(said.slice(0, -1))))
      assert.doesNotMatch(said, /\p{Surrogate}/u)
    }),
    { numRuns: 50 },
  )
})

void test('a direct message may be long, not endless', () => {
  assert.equal(directText('a'.repeat(longestDirectMessage)).length, longestDirectMessage)
  assert.ok(directText('🎩'.repeat(longestDirectMessage)).length <= longestDirectMessage)
  assert.doesNotMatch(directText('a' + '🎩'.repeat(longestDirectMessage)), /\p{Surrogate}/u)
})
