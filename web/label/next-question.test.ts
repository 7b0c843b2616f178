import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTooSoon, nextQuestion } from './next-question.ts'

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
