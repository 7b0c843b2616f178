import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stage } from '../../domain/serving-set.ts'
import { familyRows, mayStart, readEvaluation } from './versions.ts'

const version = (number: number, parent: number | null = null, stage: Stage = 'retired') => ({
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

const fresh = { version: 3, stage: 'recorded', rollout: null } as const
const member = (version: number, stage: string, baseline = false) => ({ slot: 'main', version, stage, baseline })

test('only a version that has had no rollout can begin one', () => {
  assert.equal(mayStart(fresh, [member(1, 'live', true)]), true)
  for (const end of [null, 'rolled-back', 'rejected'] as const)
    assert.equal(mayStart({ ...fresh, rollout: { stage: 'done', end } }, []), false)
})

test('what is live, and the baseline of any slot, begins none', () => {
  assert.equal(mayStart({ ...fresh, stage: 'live' }, []), false)
  assert.equal(mayStart(fresh, [member(3, 'baseline', true)]), false)
  assert.equal(mayStart(fresh, [member(3, 'live')]), false)
})

test('an evaluation of another kind leaves the rest of a version readable', () => {
  assert.equal(readEvaluation({ method: 'leave one vendor out', pooled: null })?.method, 'leave one vendor out')
  assert.equal(readEvaluation({ pooled: 'none' }), undefined)
  assert.equal(readEvaluation(null), undefined)
})
