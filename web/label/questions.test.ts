import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTooSoon, labelKeys, meaningOf, nextQuestion } from './questions.ts'

const [one, two, three] = [{ id: 'one' }, { id: 'two' }, { id: 'three' }]

test('the question that is shown stays when another one comes before it', () => {
  assert.equal(nextQuestion([one, two], { shown: undefined, done: [] }), one)
  assert.equal(nextQuestion([three, one, two], { shown: 'one', done: [] }), one)
})

test('the next one comes when it is answered, and when somebody else has settled it', () => {
  assert.equal(nextQuestion([three, one, two], { shown: 'one', done: [one] }), three)
  assert.equal(nextQuestion([three, two], { shown: 'one', done: [] }), three)
  assert.equal(nextQuestion([one], { shown: 'one', done: [one] }), undefined)
})

test('a key within a moment of the question was meant for the one before', () => {
  assert.deepEqual([isTooSoon(1_000, 900), isTooSoon(1_000, 700)], [true, false])
})

test('each label has a key of its own: nine digits, then letters without U', () => {
  assert.deepEqual(labelKeys(3), ['1', '2', '3'])
  assert.deepEqual(labelKeys(11).slice(8), ['9', 'a', 'b'])
  const all = labelKeys(34)
  assert.equal(new Set(all).size, 34)
  assert.ok(!all.includes('u') && !all.includes('0'))
})

test('0 says that nobody can tell, U undoes, in capitals too', () => {
  assert.deepEqual(meaningOf('0', 2), { kind: 'unknown' })
  assert.deepEqual(meaningOf('U', 2), { kind: 'undo' })
})

test('a key of no label means nothing', () => {
  assert.deepEqual(meaningOf('2', 2), { kind: 'label', index: 1 })
  for (const key of ['3', 'Enter', 'Tab', 'x']) assert.equal(meaningOf(key, 2), undefined)
})
