import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayStart } from './may-start.ts'

const fresh = { version: 3, stage: 'recorded', rollout: null }
const member = (version: number, stage: string, baseline = false) => ({ slot: 'main', version, stage, baseline })

test('only a version that has had no rollout can begin one', () => {
  assert.equal(mayStart(fresh, [member(1, 'live', true)]), true)
  for (const end of [null, 'rolled-back', 'rejected'])
    assert.equal(mayStart({ ...fresh, rollout: { stage: 'done', end } }, []), false)
})

test('what is live, and the baseline of any slot, begins none', () => {
  assert.equal(mayStart({ ...fresh, stage: 'live' }, []), false)
  assert.equal(mayStart(fresh, [member(3, 'baseline', true)]), false)
  assert.equal(mayStart(fresh, [member(3, 'live')]), false)
})
