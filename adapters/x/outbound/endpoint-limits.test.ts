import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClosedEndpoint, createEndpointLimits, type Place } from './endpoint-limits.ts'

const second = 1_000
const start = 1_700_000_000_000

/** Limits with a clock of their own, and what they told. */
function limitsAt() {
  const closed: ClosedEndpoint[] = []
  const clock = { now: start }
  const limits = createEndpointLimits({ now: () => clock.now, tell: (endpoint) => closed.push(endpoint) })
  const enters = (endpoint = 'POST tweets') => {
    const place = limits.enter(endpoint)
    assert('leave' in place, `held back for ${'waitMs' in place ? place.waitMs : 0} ms`)
    return place
  }
  const waits = (endpoint = 'POST tweets') => {
    const place: Place = limits.enter(endpoint)
    assert('waitMs' in place, 'let through')
    return place.waitMs
  }
  const calls = (status: number, headers: Readonly<Record<string, string>>, endpoint?: string) =>
    enters(endpoint).leave({ status, headers })
  return { closed, clock, enters, waits, calls }
}

const resetIn = (seconds: number) => `${start / second + seconds}`
const told = (remaining: number, seconds = 60) => ({
  'x-rate-limit-limit': '3',
  'x-rate-limit-remaining': `${remaining}`,
  'x-rate-limit-reset': resetIn(seconds),
})

void test('after the last call that is left nothing is called until the reset, and that is told once', () => {
  const { closed, clock, waits, calls, enters } = limitsAt()
  calls(201, told(1))
  assert.deepEqual(closed, [])
  calls(201, told(0))
  assert.equal(waits(), 61 * second)
  clock.now += 60.9 * second
  assert(waits() > 0)
  clock.now += second
  enters()
  const resetAt = new Date(start + 61 * second)
  assert.deepEqual(closed, [{ endpoint: 'POST tweets', limit: 'x-rate-limit', resetAt }])
})

void test('a 429 closes the endpoint until its reset, whatever it says is left', () => {
  const { waits, calls, closed } = limitsAt()
  calls(429, told(5, 30))
  assert.equal(waits(), 31 * second)
  assert.equal(closed.length, 1)
})

void test('a limit of 24 hours that is used up closes it for longer, in waits of an hour at most', () => {
  const { waits, calls, closed, clock, enters } = limitsAt()
  const day = { 'x-app-limit-24hour-remaining': '0', 'x-app-limit-24hour-reset': resetIn(7_200) }
  calls(429, { ...told(5), ...day })
  assert.equal(waits(), 3_600 * second)
  clock.now += 7_100 * second
  assert.equal(waits(), 101 * second)
  clock.now += 102 * second
  enters()
  assert.deepEqual(
    closed.map(({ limit }) => limit),
    ['x-app-limit-24hour'],
  )
})

void test('other endpoints go on', () => {
  const { enters, calls } = limitsAt()
  calls(429, told(0))
  enters('GET users/:id/tweets')
})

void test('while nothing is known one call goes ahead, and then no more at once than are left', () => {
  const { enters, waits } = limitsAt()
  const first = enters()
  assert.equal(waits(), 500)
  first.leave({ status: 201, headers: told(2) })
  const second = enters()
  const third = enters()
  assert.equal(waits(), 500)
  // Answers overtake each other: what is left never grows within a window.
  third.leave({ status: 201, headers: told(0) })
  second.leave({ status: 201, headers: told(1) })
  assert(waits() > 500)
})

void test('after a reset one call asks how the new window stands', () => {
  const { enters, waits, clock, calls } = limitsAt()
  calls(201, told(0))
  clock.now += 62 * second
  const probe = enters()
  assert.equal(waits(), 500)
  probe.leave({ status: 201, headers: told(2, 120) })
  enters()
  enters()
  assert.equal(waits(), 500)
})

void test('a call without an answer teaches nothing, and one without limits opens the endpoint', () => {
  const { enters, waits } = limitsAt()
  enters().leave(undefined)
  const probe = enters()
  assert.equal(waits(), 500)
  probe.leave({ status: 200, headers: { 'x-rate-limit-reset': 'soon', 'x-rate-limit-remaining': '0' } })
  for (let call = 0; call < 30; call += 1) enters()
})
