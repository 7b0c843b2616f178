import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contradictionsIn } from './contradictions.ts'

const correction = (id: string, inputSha256: string, label: string) => ({ id, inputSha256, label })

test('one input with two labels is a contradiction, with all its corrections', () => {
  const found = contradictionsIn([
    correction('first', 'a', 'fedora'),
    correction('alone', 'b', 'no-fedora'),
    correction('against', 'a', 'no-fedora'),
    correction('again', 'a', 'no-fedora'),
  ])
  assert.deepEqual(
    found.map(({ id }) => id),
    ['first', 'against', 'again'],
  )
})

test('one input with one label, however often, is none', () => {
  assert.deepEqual(contradictionsIn([correction('one', 'a', 'fedora'), correction('two', 'a', 'fedora')]), [])
})
