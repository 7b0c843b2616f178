import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { pino } from 'pino'
import { openDatabase } from '../../store/db.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { openDatabaseLine } from '../../test/support/database-line.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { listen } from './listen.ts'

const database = await createTestDatabase({ empty: true })
const line = await openDatabaseLine(database.url, { isCut: true })
const db = openDatabase(database.url, { poolSize: 1 })
after(async () => {
  await db.destroy()
  await line.close()
  await database.drop()
})

const channel = 'listen_test'
const listeners = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity where application_name = ${`understudy ${channel}`}`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

test('it listens as soon as the database can be reached, and again after every outage, with one warning for each', async () => {
  const warnings: string[] = []
  const state = { woken: 0 }
  const log = pino({}, { write: (text: string) => void warnings.push(text) })
  const stop = listen(line.url, { channel, wake: () => (state.woken += 1), log })
  const wokenAgain = (than: number) =>
    eventually(() => Promise.resolve(state.woken > than || undefined), { timeoutMs: 30_000, what: 'to be woken' })

  for (const outage of [1, 2]) {
    const before = state.woken
    await eventually(() => Promise.resolve(warnings.length === outage || undefined), {
      timeoutMs: 30_000,
      what: 'the warning',
    })
    line.mend()
    // What was missed until then is made up for.
    await wokenAgain(before)
    assert.equal(await listeners(), 1)
    const heard = state.woken
    await sql.raw(`notify ${channel}`).execute(db)
    await wokenAgain(heard)
    line.cut()
  }
  await stop()
  assert.ok(warnings.length <= 3)
})
