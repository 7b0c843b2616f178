import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { useDatabase } from '../test/support/database.ts'

const db = useDatabase()

test('a statement with parameters is planned once per connection, however often it runs', async () => {
  const prepared = await db()
    .connection()
    .execute(async (connection) => {
      for (const number of [1, 2, 3]) await sql`select ${number}::int + 40 as sum`.execute(connection)
      const { rows } = await sql<{ statement: string; runs: number }>`
      select statement, (generic_plans + custom_plans)::int as runs from pg_prepared_statements`.execute(connection)
      return rows
    })
  assert.deepEqual(
    prepared.filter(({ statement }) => statement.includes('+ 40')),
    [{ statement: 'select $1::int + 40 as sum', runs: 3 }],
  )
})
