import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { sql } from 'kysely'
import { createTestDatabase, useDatabase } from '../test/support/database.ts'
import { assertDurable, isReachable, openDatabase, UnsafeDatabase } from './db.ts'
import { DatabaseNewerThanCode, migrate } from './migrate.ts'

const db = useDatabase({ empty: true })

test('any number of processes may migrate at once; the second time there is nothing to do', async () => {
  const applied = await Promise.all([migrate(db()), migrate(db()), migrate(db())])
  const files = await readdir(new URL('migrations', import.meta.url))
  assert.deepEqual(applied.flat().sort(), files.map((name) => name.replace(/\.sql$/, '')).sort())
  assert.deepEqual(await migrate(db()), [])
})

test('a database that a newer version has changed is refused', async () => {
  await sql`insert into kysely_migration (name, timestamp) values ('9999_the_future', '2030-01-01')`.execute(db())
  await assert.rejects(migrate(db()), DatabaseNewerThanCode)
})

test('a database that could lose what it acknowledged is refused', async () => {
  await assertDurable(db())
  const { url, drop } = await createTestDatabase({ empty: true })
  const unsafe = openDatabase(`${url}?options=-c%20synchronous_commit%3Doff`)
  try {
    await assert.rejects(assertDurable(unsafe), UnsafeDatabase)
  } finally {
    await unsafe.destroy()
    await drop()
  }
})

test('a database that is not there is told, not thrown', async () => {
  const nowhere = openDatabase('postgres://nobody@127.0.0.1:1/none')
  assert.equal(await isReachable(nowhere), false)
  await nowhere.destroy()
})
