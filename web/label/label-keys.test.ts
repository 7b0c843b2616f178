import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelKeys, meaningOf } from './label-keys.ts'

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
