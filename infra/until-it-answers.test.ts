import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { untilItAnswers } from './until-it-answers.ts'

class Outage extends Error {
  readonly code = 'ECONNREFUSED'
}
const isOutage = (error: unknown) => error instanceof Outage

/** What was logged, and a signal to stop by. */
function setUp() {
  const said: string[] = []
  const stopping = new AbortController()
  const log = pino({}, { write: (line) => void said.push((JSON.parse(line) as { msg: string }).msg) })
  return { said, stopping, waiting: { log, stopping: stopping.signal } }
}

test('a server that is down is asked again until it answers, and the log says so once', async () => {
  const { said, waiting } = setUp()
  let asked = 0
  const ask = () => ((asked += 1) < 4 ? Promise.reject(new Outage()) : Promise.resolve(asked))
  assert.equal(await untilItAnswers({ name: 'PostgreSQL', ask, isOutage }, waiting), 4)
  assert.deepEqual(said, ['PostgreSQL does not answer; waiting for it', 'PostgreSQL answers now'])
})

test('a server that answers at once is not talked about', async () => {
  const { said, waiting } = setUp()
  assert.equal(await untilItAnswers({ name: 'Temporal', ask: () => Promise.resolve(1), isOutage }, waiting), 1)
  assert.deepEqual(said, [])
})

test('what is no outage is thrown at once', async () => {
  const { said, waiting } = setUp()
  let asked = 0
  const ask = () => {
    asked += 1
    return Promise.reject(new TypeError('the password is wrong'))
  }
  await assert.rejects(untilItAnswers({ name: 'PostgreSQL', ask, isOutage }, waiting), TypeError)
  assert.deepEqual([asked, said], [1, []])
})

test('a process that is asked to stop waits no longer', async () => {
  const { stopping, waiting } = setUp()
  let asked = 0
  const ask = () => {
    asked += 1
    // The request comes while it waits for the next attempt.
    if (asked === 3) setImmediate(() => stopping.abort())
    return Promise.reject(new Outage())
  }
  await assert.rejects(untilItAnswers({ name: 'PostgreSQL', ask, isOutage }, waiting), Outage)
  assert.equal(asked, 3)
})
