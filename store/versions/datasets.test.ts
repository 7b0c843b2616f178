import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { answered } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'

const db = useDatabase()

test('what a version has learned from does not change: neither a dataset nor the corrections in it', async () => {
  const { id } = await answered(db())
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            values ('root-1', 'fedora-finder', 'picture-classifier', '{}', 1, '{"fedora":1}')`.execute(db())
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values ('root-1', ${id}, 0, 'fedora', 'train')`.execute(db())
  const changes = [
    sql`update dataset_corrections set label = 'no-fedora'`,
    sql`delete from dataset_corrections`,
    sql`update datasets set size = 2 where root = 'root-1'`,
    sql`delete from datasets where root = 'root-1'`,
  ]
  for (const change of changes) await assert.rejects(change.execute(db()), /immutable/)
})
