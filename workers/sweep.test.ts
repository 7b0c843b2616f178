import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { sweepEvery } from './sweep.ts'

test('what fails is told and done again at the next sweep, never twice at a time, and not after the end', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const warn = mock.fn()
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  const sweep = () => new Promise<void>((resolve, reject) => void ends.push({ resolve, reject }))
  const stop = sweepEvery(1_000, { log: { warn }, failed: 'it was not swept', sweep })
  const passes = async (ms: number) => {
    t.mock.timers.tick(ms)
    await turn()
  }
  await passes(999)
  assert.equal(ends.length, 0)
  await passes(5_000)
  assert.equal(ends.length, 1, 'the first one has not ended')
  ends[0]?.reject(new TypeError('no'))
  await passes(0)
  assert.deepEqual(warn.mock.calls[0]?.arguments, [{ error: 'TypeError' }, 'it was not swept'])
  await passes(1_000)
  ends[1]?.resolve()
  await passes(0)
  await passes(1_000)
  assert.deepEqual([ends.length, warn.mock.callCount()], [3, 1])
  stop()
  ends[2]?.resolve()
  await passes(0)
  await passes(5_000)
  assert.equal(ends.length, 3)
})
