import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { useDatabase } from '../test/support/database.ts'
import { appendAudit, firstBrokenAuditRow } from './audit.ts'

const db = useDatabase()
const append = (subject: string) =>
  db()
    .transaction()
    .execute((trx) =>
      appendAudit(trx, { actor: 'test', action: 'tried', subject, details: { z: 1, a: [{ y: 2, b: null }] } }),
    )

test('concurrent changes make one chain that verifies', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, index) => append(`subject ${index}`)))
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('a row cannot be changed or removed, and a forged one is found', async () => {
  await append('to be forged')
  await assert.rejects(sql`update audit set subject = 'other'`.execute(db()), /immutable/)
  await assert.rejects(sql`delete from audit`.execute(db()), /immutable/)
  await sql`alter table audit disable trigger audit_is_append_only`.execute(db())
  await sql`update audit set details = '{"z":2}' where seq = 3`.execute(db())
  assert.equal(await firstBrokenAuditRow(db()), 3)
})
