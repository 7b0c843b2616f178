import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mentionsHandle, weightedLength } from './rules.ts'

void test('a text is as long as X counts it: letters 1, Chinese and emoji 2, addresses 23', () => {
  assert.equal(weightedLength('hello'), 5)
  assert.equal(weightedLength('漢字'), 4)
  assert.equal(weightedLength('🕵️'), 2)
  assert.equal(weightedLength('👨‍👩‍👧‍👦'), 2)
  assert.equal(weightedLength('🇩🇪'), 2)
  assert.equal(weightedLength('café'), 4)
  assert.equal(weightedLength('a https://example.com/a/very/long/path?with=a&query=too b'), 27)
  assert.equal(weightedLength('fedora: 87 % likely · 12ab34cd'), 30)
})

void test('a text of plain letters is as long as it is', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z ]{0,300}$/), (text) => weightedLength(text) === text.length))
})

void test('only the whole handle is a mention', () => {
  assert.ok(mentionsHandle('hi @fedorafinder!', 'FedoraFinder'))
  assert.ok(mentionsHandle('@FedoraFinder', 'FedoraFinder'))
  for (const text of ['@FedoraFinder2', 'me@FedoraFinder', 'FedoraFinder', '@Fedora Finder'])
    assert.ok(!mentionsHandle(text, 'FedoraFinder'), text)
})
