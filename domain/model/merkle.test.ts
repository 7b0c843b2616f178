import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { merkleRoot, type Leaf } from './merkle.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const leaf = fc.record<Leaf>({
  inputSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  label: fc.constantFrom('a', 'b'),
  weight: fc.constantFrom(0.5, 1, 2),
})

describe('the root of a dataset', () => {
  it('does not depend on the order of its examples', () => {
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 9 }), (leaves) => {
        assert.equal(merkleRoot(leaves, digest), merkleRoot(leaves.toReversed(), digest))
      }),
    )
  })

  it('changes with every input, label and weight, and with a repeated example', () => {
    const one: Leaf = { inputSha256: 'a'.repeat(64), label: 'a', weight: 1 }
    const other: Leaf = { ...one, inputSha256: 'b'.repeat(64) }
    const roots = [
      [one, other],
      [one, { ...other, label: 'b' }],
      [one, { ...other, weight: 2 }],
      [one, { ...other, inputSha256: 'c'.repeat(64) }],
      [one],
      [one, one],
      [one, other, other],
      [one, { ...other, corrections: ['a'] }],
      [one, { ...other, corrections: ['a', 'b'] }],
    ].map((leaves) => merkleRoot(leaves, digest))
    assert.equal(new Set(roots).size, roots.length)
  })

  it('does not depend on the order of corrections, and is the old one where there are none', () => {
    const one: Leaf = { inputSha256: 'a'.repeat(64), label: 'a', weight: 1 }
    const rootOf = (corrections: readonly string[]) => merkleRoot([{ ...one, corrections }], digest)
    assert.equal(rootOf(['x', 'y']), rootOf(['y', 'x']))
    assert.equal(rootOf([]), merkleRoot([one], digest))
    assert.equal(rootOf([]), digest(`leaf:["${'a'.repeat(64)}","a",1]`))
  })

  it('refuses a dataset without examples', () => {
    assert.throws(() => merkleRoot([], digest), RangeError)
  })
})
