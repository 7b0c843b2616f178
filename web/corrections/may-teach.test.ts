import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayTeach } from './may-teach.ts'

const dataset = (versions: readonly number[], part = 'train') => ({ root: 'r', versions: [...versions], part })
const accepted = (...datasets: ReturnType<typeof dataset>[]) => ({ state: 'accepted' as const, datasets })

test('what is accepted and new can be taught now', () => {
  assert.equal(mayTeach(accepted(), [1]), true)
  assert.equal(mayTeach({ state: 'open', datasets: [] }, [1]), false)
})

test('what a serving version has learned, and what is held out for life, cannot', () => {
  assert.equal(mayTeach(accepted(dataset([3])), [1, 3]), false)
  assert.equal(mayTeach(accepted(dataset([2], 'correction-holdout')), [1]), false)
})

test('what only a failed retrain or a rejected version has seen can be taught again', () => {
  assert.equal(mayTeach(accepted(dataset([]), dataset([2])), [1]), true)
})
