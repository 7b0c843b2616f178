import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionsFor } from './decisions-for.ts'

const dataset = { root: 'r', versions: [2], part: 'train' }

test('a correction that was learned from can only be taken back', () => {
  assert.deepEqual(decisionsFor({ state: 'accepted', datasets: [dataset] }), ['revoke'])
  assert.deepEqual(decisionsFor({ state: 'accepted', datasets: [] }), ['quarantine', 'revoke'])
})

test('people who disagree leave every decision to a reviewer', () => {
  assert.deepEqual(decisionsFor({ state: 'conflicted', datasets: [] }), ['accept', 'reject', 'quarantine'])
})

test('nothing is left to decide about a correction that was taken back', () => {
  assert.deepEqual(decisionsFor({ state: 'revoked', datasets: [dataset] }), [])
})
