import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { createTestDatabase } from '../test/support/database.ts'
import { openDatabaseLine } from '../test/support/database-line.ts'
import { isOutage, openDatabase } from './db.ts'

const database = await createTestDatabase({ empty: true })
const line = await openDatabaseLine(database.url)
const db = openDatabase(line.url, { poolSize: 2 })
after(async () => {
  await db.destroy()
  await line.close()
  await database.drop()
})

/** The error of a first question to a database that cannot be had. */
async function errorOf(url: string): Promise<unknown> {
  const wrong = openDatabase(url, { poolSize: 1 })
  try {
    await sql`select 1`.execute(wrong)
  } catch (error) {
    return error
  } finally {
    await wrong.destroy()
  }
  return assert.fail('it answered')
}

const withUrl = (change: (url: URL) => void): string => {
  const url = new URL(database.url)
  change(url)
  return url.href
}

test('a connection that breaks under a call fails that call and nothing else', async () => {
  const sleeping = assert.rejects(sql`select pg_sleep(600)`.execute(db), isOutage)
  const betweenCalls = db.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx)
    line.cut()
    await sleeping
    await sql`select 1`.execute(trx)
  })
  await assert.rejects(betweenCalls, isOutage)
  await assert.rejects(sql`select 1`.execute(db), isOutage)
  line.mend()
  await sql`select 1`.execute(db)
})

test('a server that is not there, or says nothing, is an outage', async () => {
  assert.ok(isOutage(await errorOf('postgres://nobody@127.0.0.1:1/none')))
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { readonly port: number }
  assert.ok(isOutage(await errorOf(`postgres://nobody@127.0.0.1:${port}/none`)))
  silent.close()
})

test('a server that stops, or was killed, is an outage', async () => {
  const stopped = sql`select pg_sleep(600), 'to be stopped'`.execute(db).catch((error: unknown) => error)
  const admin = openDatabase(database.url, { poolSize: 1 })
  const terminate = sql<{ done: boolean }>`
    select pg_terminate_backend(pid) as done from pg_stat_activity
    where query like '%to be stopped%' and pid <> pg_backend_pid() and state = 'active'`
  while ((await terminate.execute(admin)).rows.length === 0) await sql`select pg_sleep(0.02)`.execute(admin)
  await admin.destroy()
  assert.ok(isOutage(await stopped))
  const starting = Object.assign(new Error('the database system is starting up'), { code: '57P03' })
  assert.ok(isOutage(starting))
})

test('what the server says against the caller is no outage, and no more is a bug', async () => {
  assert.ok(!isOutage(await errorOf(withUrl((url) => (url.password = 'wrong')))))
  assert.ok(!isOutage(await errorOf(withUrl((url) => (url.pathname = '/not-there')))))
  assert.ok(!isOutage(await sql`select from nowhere`.execute(db).catch((error: unknown) => error)))
  assert.ok(!isOutage(new TypeError('undefined is not a function')))
  assert.ok(!isOutage('a string'))
})
