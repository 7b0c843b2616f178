import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duration, labelWords, percent, plural, safeLink, shortTime, versionWords } from './words.ts'

test('a share reads as certain only when it is', () => {
  assert.deepEqual([0, 0.001, 0.734, 0.999, 1].map(percent), ['0 %', '< 1 %', '73 %', '> 99 %', '100 %'])
})

test('a duration is told in the unit that people would use', () => {
  assert.deepEqual([87.4, 1_249, 180_000, 5_400_000].map(duration), ['87 ms', '1.2 s', '3 min', '1.5 h'])
})

test('one thing is not told in the plural', () => {
  assert.deepEqual(
    [0, 1, 1_200].map((value) => plural(value, 'picture')),
    ['0 pictures', '1 picture', '1,200 pictures'],
  )
})

test('another day is told with its date, another year with its year', () => {
  const now = new Date(2025, 10, 21, 15, 0)
  assert.equal(shortTime(new Date(2025, 10, 21, 9, 5).toISOString(), now), '09:05')
  assert.equal(shortTime(new Date(2025, 10, 20, 9, 5).toISOString(), now), 'Nov 20, 09:05')
  assert.equal(shortTime(new Date(2024, 10, 20, 9, 5).toISOString(), now), 'Nov 20, 2024, 09:05')
})

test('a label that the bot no longer has is shown by its id', () => {
  const labels = [{ id: 'fedora', words: 'a fedora' }]
  assert.deepEqual(
    ['fedora', 'beret'].map((id) => labelWords(labels, id)),
    ['a fedora', 'beret'],
  )
})

test('a version of the only slot is told without the name of the slot', () => {
  assert.equal(versionWords({ slot: 'main', version: 2 }), 'version 2')
  assert.equal(versionWords({ slot: 'deep', version: 1 }), 'deep version 1')
})

test('only http(s) links become links', () => {
  assert.equal(safeLink('https://example.com/a'), 'https://example.com/a')
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'not a url', '', null])
    assert.equal(safeLink(url), undefined)
})
