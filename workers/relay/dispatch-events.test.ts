import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { WaitingEvent } from '../../store/messages/inbound-events.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { type DispatchDeps, dispatchEvents } from './dispatch-events.ts'

const event = (id: number): WaitingEvent => ({
  id,
  request: { kind: 'message', message: messageOnX() },
  receivedAt: new Date(),
  paused: false,
})

/** A queue of events with leases, as the store keeps them, and what was done with them. */
function scene(ids: readonly number[], start: (event: WaitingEvent) => Promise<void>) {
  const waiting = [...ids]
  const started: number[] = []
  const released: number[] = []
  const deps: DispatchDeps = {
    log: pino({ level: 'silent' }),
    claim: (limit) => Promise.resolve(waiting.splice(0, limit).map(event)),
    start,
    markStarted: (id) => Promise.resolve(void started.push(id)),
    release: (id) => Promise.resolve(void released.push(id)),
  }
  return { deps, waiting, started, released }
}

test('every waiting event is started once and marked last, at most 20 at a time', async () => {
  const ids = Array.from({ length: 65 }, (_, index) => index)
  let inFlight = 0
  let most = 0
  const { deps, started } = scene(ids, async () => {
    most = Math.max(most, ++inFlight)
    await sleep(5)
    inFlight -= 1
  })
  const dispatcher = dispatchEvents(deps)
  dispatcher.wake()
  await sleep(200)
  await dispatcher.stop()
  assert.deepEqual(
    started.toSorted((one, other) => one - other),
    ids,
  )
  assert.equal(most, 20)
})

test('an event whose start failed is released and never marked', async () => {
  const { deps, started, released } = scene([1, 2], ({ id }) =>
    id === 1 ? Promise.reject(new Error('down')) : Promise.resolve(),
  )
  const dispatcher = dispatchEvents(deps)
  dispatcher.wake()
  await sleep(20)
  await dispatcher.stop()
  assert.deepEqual([started, released], [[2], [1]])
})

test('the sweep finds what no notification told of, also after the database was away', async () => {
  const { deps, waiting, started } = scene([], () => Promise.resolve())
  const { claim } = deps
  let fails = 1
  const dispatcher = dispatchEvents({
    ...deps,
    claim: (limit) => (fails-- > 0 ? Promise.reject(new Error('away')) : claim(limit)),
  })
  dispatcher.wake()
  waiting.push(7)
  await sleep(1_200)
  await dispatcher.stop()
  assert.deepEqual(started, [7])
})

test('stopping waits for what is in flight and takes nothing more', async () => {
  const { deps, waiting, started } = scene([1], () => sleep(50))
  const dispatcher = dispatchEvents(deps)
  dispatcher.wake()
  await sleep(10)
  waiting.push(2)
  await dispatcher.stop()
  assert.deepEqual([started, waiting], [[1], [2]])
})
