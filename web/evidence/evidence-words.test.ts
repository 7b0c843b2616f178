import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingInputWords } from './evidence-words.ts'

test('an example of the dataset is named, and only what a person sent is said to be gone', () => {
  assert.equal(missingInputWords('base:twemoji/1f3a9'), 'An example of the dataset: twemoji/1f3a9')
  assert.equal(missingInputWords('7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d_1'), 'It is not kept any more.')
})
