import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atRate } from './at-rate.ts'

const never = () => new AbortController().signal

test('every call is made, with the times at which they were due', async () => {
  const due: number[] = []
  await atRate({ count: 5, perSecond: 200, signal: never() }, (_n, dueAt) => {
    due.push(dueAt)
    return Promise.resolve()
  })
  const [first = 0] = due
  assert.deepEqual(
    due.map((at) => Math.round(at - first)),
    [0, 5, 10, 15, 20],
  )
})

test('no call waits for the answer of an earlier one', async () => {
  const started: number[] = []
  let free: (() => void) | undefined
  const all = new Promise<void>((resolve) => (free = resolve))
  await atRate({ count: 5, perSecond: 1_000, signal: never() }, (n) => {
    started.push(n)
    // The first four stay open until the last has begun: a loop that waited for them would never end.
    if (n === 4) free?.()
    return all
  })
  assert.deepEqual(started, [0, 1, 2, 3, 4])
})

test('a stop ends it before the rest is sent', async () => {
  const stopping = new AbortController()
  let calls = 0
  const run = atRate({ count: 1_000, perSecond: 1_000, signal: stopping.signal }, () => {
    calls += 1
    if (calls === 3) stopping.abort()
    return Promise.resolve()
  })
  await assert.rejects(run, { name: 'AbortError' })
  assert.equal(calls, 3)
})
