import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupsOf } from './near-duplicates.ts'

describe('groups of near-duplicates', () => {
  const known = [{ inputSha256: 'a', fingerprint: '0000000000000000', group: 'a' }]

  it('hold what differs in at most three bits, under the key of the first one', () => {
    const groups = groupsOf(known, [
      { inputSha256: 'b', fingerprint: '8000000000000003' },
      { inputSha256: 'c', fingerprint: '800000000000000f' },
      { inputSha256: 'd', fingerprint: 'ffffffffffffffff' },
    ])
    assert.deepEqual(
      groups.map(({ group }) => group),
      // The second is near to the first fresh one, which is near to the known one.
      ['a', 'a', 'd'],
    )
  })

  it('stay as they were decided, whatever comes later', () => {
    const again = groupsOf(
      [...known, { inputSha256: 'z', fingerprint: '0000000000000001', group: 'z' }],
      [{ inputSha256: 'z', fingerprint: '0000000000000000' }],
    )
    assert.equal(again[0]?.group, 'z')
  })

  it('of texts hold equal inputs only', () => {
    assert.deepEqual(
      groupsOf([], [{ inputSha256: 'x' }, { inputSha256: 'y' }, { inputSha256: 'x' }]).map(({ group }) => group),
      ['x', 'y', 'x'],
    )
  })
})
