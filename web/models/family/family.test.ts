import assert from 'node:assert/strict'
import { test } from 'node:test'
import { familyRows } from './family.ts'

const version = (number: number, parent?: number, stage = 'retired') => ({
  version: number,
  parent,
  stage,
  slot: 'main',
})
const shown = (versions: Parameters<typeof familyRows>[0]) =>
  familyRows(versions).map(({ version: { version: number }, depth }) => `${number} at ${depth}`)

test('a line of versions stays one line', () => {
  assert.deepEqual(shown([version(3, 2, 'live'), version(1), version(2, 1)]), ['1 at 0', '2 at 0', '3 at 0'])
})

test('a version that led nowhere branches off the line of the live one', () => {
  const versions = [version(1), version(2, 1, 'live'), version(3, 1), version(4, 2)]
  assert.deepEqual(shown(versions), ['1 at 0', '3 at 1', '2 at 0', '4 at 0'])
})

test('a version whose parent is unknown, or cannot be one, begins a family', () => {
  assert.deepEqual(shown([version(5, 4), version(6, 6), version(7, 9)]), ['5 at 0', '6 at 0', '7 at 0'])
})
