import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionsFor, mayTeach } from './correction-rules.ts'

const learned = { root: 'r', versions: [2], part: 'train' } as const

test('a correction that was learned from can only be taken back', () => {
  assert.deepEqual(decisionsFor({ state: 'accepted', datasets: [learned] }), ['revoke'])
  assert.deepEqual(decisionsFor({ state: 'accepted', datasets: [] }), ['quarantine', 'revoke'])
})

test('people who disagree leave every decision to a reviewer', () => {
  assert.deepEqual(decisionsFor({ state: 'conflicted', datasets: [] }), ['accept', 'reject', 'quarantine'])
})

test('nothing is left to decide about a correction that was taken back', () => {
  assert.deepEqual(decisionsFor({ state: 'revoked', datasets: [learned] }), [])
})

const dataset = (versions: readonly number[], part: 'train' | 'correction-holdout' = 'train') => ({
  root: 'r',
  versions,
  part,
})
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
