import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { loadConfig } from '../infra/config.ts'
import { isOutage, UnsafeDatabase } from '../store/db.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { openDatabaseLine } from '../test/support/database-line.ts'
import { openDurable } from './open-durable.ts'

const database = await createTestDatabase({ empty: true })
const line = await openDatabaseLine(database.url, { isCut: true })
const releases: (() => unknown)[] = []
after(async () => {
  for (const release of releases) await release()
  await line.close()
  await database.drop()
})

/** A process that starts; `waits` resolves when its log says that it waits. */
function start(url: string) {
  const stopping = new AbortController()
  const said: string[] = []
  let waitsNow: () => void
  const waits = new Promise<void>((resolve) => (waitsNow = resolve))
  const write = (text: string) => {
    said.push((JSON.parse(text) as { msg: string }).msg)
    waitsNow()
  }
  const opening = openDurable({
    config: loadConfig({ DATABASE_URL: url }),
    log: pino({}, { write }),
    stopping: stopping.signal,
    onRelease: (release) => void releases.push(release),
  })
  return { opening, stopping, said, waits }
}

test('a process that starts while the database is down waits for it, and says so', async () => {
  line.cut()
  const { opening, said, waits } = start(line.url)
  await waits
  assert.deepEqual(said, ['PostgreSQL does not answer; waiting for it'])
  line.mend()
  await opening
  assert.deepEqual(said.slice(1), ['PostgreSQL answers now'])
})

test('a process that is asked to stop waits no longer', async () => {
  line.cut()
  const { opening, stopping, waits } = start(line.url)
  await waits
  stopping.abort()
  await assert.rejects(opening, isOutage)
})

test('a wrong password, and a database that could lose what it acknowledged, fail at once', async () => {
  line.mend()
  const wrong = new URL(line.url)
  wrong.password = 'wrong'
  const refused = start(wrong.href)
  await assert.rejects(refused.opening, { code: '28P01' })
  const unsafe = start(`${line.url}?options=-c%20synchronous_commit%3Doff`)
  await assert.rejects(unsafe.opening, UnsafeDatabase)
  assert.deepEqual([...refused.said, ...unsafe.said], [])
})
