import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesSince } from './changes.ts'

const settled = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([id, label]) => ({ id, label }))
const held = (labels: Readonly<Record<string, string>>) => new Map(Object.entries(labels))

test('what is live holds as it is accepted is no change', () => {
  assert.deepEqual(changesSince(settled({ a: 'fedora' }), [held({ a: 'fedora' })]), { fresh: [], gone: [] })
})

test('an addition, a removal and another label are changes', () => {
  const { fresh, gone } = changesSince(settled({ new: 'fedora', changed: 'fedora', kept: 'fedora' }), [
    held({ changed: 'no-fedora', kept: 'fedora', revoked: 'fedora' }),
  ])
  assert.deepEqual(
    fresh.map(({ id }) => id),
    ['new', 'changed'],
  )
  assert.deepEqual(gone, ['changed', 'revoked'])
})

test('what one slot has not learned is fresh, and before anything is live everything is', () => {
  const accepted = settled({ a: 'fedora' })
  assert.deepEqual(changesSince(accepted, [held({ a: 'fedora' }), held({})]).fresh, accepted)
  assert.deepEqual(changesSince(accepted, []), { fresh: accepted, gone: [] })
})
