import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { ServiceUnavailable } from '../../domain/errors.ts'
import type { FailedAttempt, WaitingEvent } from '../../store/messages/inbound-events.ts'
import { messageOnX } from '../../test/support/messages/messages.ts'
import { type DispatchDeps, dispatchEvents } from './dispatch-events.ts'

const event = (id: number): WaitingEvent => ({
  id,
  bot: 'fedora-finder',
  channel: 'x',
  attempts: 1,
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
    release: ({ id }) => {
      released.push(id)
      return Promise.resolve(false)
    },
  }
  return { deps, waiting, started, released }
}

/** Waits for what is to happen, however slow the machine; the assertion behind it says what did not. */
async function until(isDone: () => boolean): Promise<void> {
  for (let look = 0; look < 3_000 && !isDone(); look += 1) await sleep(10)
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
  await until(() => started.length === ids.length)
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
  await until(() => started.length + released.length === 2)
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
  await until(() => started.length === 1)
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

test('an outage is tried again within seconds, a fault less and less often, and whoever says when is heeded', async () => {
  const tried = async (error: Error, attempts: number) => {
    const failures: FailedAttempt[] = []
    const { deps } = scene([1], () => Promise.reject(error))
    const dispatcher = dispatchEvents({
      ...deps,
      claim: async (limit) => (await deps.claim(limit)).map((each) => ({ ...each, attempts })),
      release: (failed) => {
        failures.push(failed)
        return Promise.resolve(false)
      },
    })
    dispatcher.wake()
    await until(() => failures.length === 1)
    await dispatcher.stop()
    return failures.map(({ waitMs, atFault }) => [waitMs, atFault])
  }
  const out = new ServiceUnavailable('Temporal', 'it is out')
  assert.deepEqual(
    [...(await tried(out, 1)), ...(await tried(out, 3)), ...(await tried(out, 30))],
    [
      [1_000, undefined],
      [4_000, undefined],
      [10_000, undefined],
    ],
  )
  const asked = new ServiceUnavailable('Temporal', 'it is busy', { retryAfterMs: 42_000 })
  assert.deepEqual(await tried(asked, 1), [[42_000, undefined]])
  assert.deepEqual(
    [...(await tried(new TypeError('a bug'), 2)), ...(await tried(new TypeError('a bug'), 30))],
    [
      [2_000, 'TypeError'],
      [300_000, 'TypeError'],
    ],
  )
})
