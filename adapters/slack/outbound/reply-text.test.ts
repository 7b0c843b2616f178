import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { longestText, slackText } from './reply-text.ts'

void test('nobody is pinged by a text', () => {
  assert.equal(slackText('<!channel> & <@U1>'), '&lt;!channel&gt; &amp; &lt;@U1&gt;')
  assert.equal(slackText('&lt;'), '&amp;lt;')
})

void test('a long text is cut between characters and escapes, never longer than Slack takes', () => {
  const piece = fc.constantFrom('&', '<', 'a', '🎩', 'word ')
  fc.assert(
    fc.property(fc.array(piece, { minLength: 3_000, maxLength: 5_000 }), (pieces) => {
      const said = slackText(pieces.join(''))
      assert.ok(said.length <= longestText)
      assert.doesNotMatch(said, /[<>]|&(?!amp;|lt;|gt;)|\p{Surrogate}/u)
    }),
    { numRuns: 20 },
  )
})
