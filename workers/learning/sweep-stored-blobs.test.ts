import assert from 'node:assert/strict'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { pino } from 'pino'
import { openBlobs } from '../../adapters/blobs/files.ts'
import { deleteMessage } from '../../store/messages/deletions.ts'
import { answered } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { sweepPart } from './sweep-stored-blobs.ts'

const db = useDatabase()

async function storeWith(t: TestContext, text: string) {
  const root = await mkdtemp(join(tmpdir(), 'swept-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const blobsUrl = pathToFileURL(root).href
  const blobs = openBlobs(blobsUrl)
  const sha256 = await blobs.put(Buffer.from(text))
  const path = join(root, sha256.slice(0, 2), sha256)
  await utimes(path, 1_000, 1_000)
  const sweep = () =>
    sweepPart({ db: db(), blobsUrl, log: pino({ level: 'silent' }) }, Number.parseInt(sha256.slice(0, 2), 16))
  return { blobs, sha256, sweep }
}

test('a question that its person took back loses its words in the store too', async (t) => {
  const { blobs, sha256, sweep } = await storeWith(t, 'who looks after the date picker?')
  const { id, message } = await answered(db())
  await sql`insert into scores (message_id, slot, version, stage, input_sha256)
            values (${id}, 'main', 1, 'live', ${sha256})`.execute(db())
  assert.equal(await sweep(), 0, 'it may still be asked about')
  await deleteMessage(db(), { bot: message.bot, channel: 'slack', businessKey: 'gone', of: message.businessKey })
  await sql`truncate versions cascade`.execute(db())
  assert.equal(await sweep(), 0, 'a database without versions says nothing about a store')
  await sql`insert into datasets (root, bot, family, files, size, label_counts)
            values ('root', 'pets', 'text-classifier', '{}', 1, '{}')`.execute(db())
  await sql`insert into versions (bot, version, slot, family, dataset_root, weights_sha256, files, labels, preprocessing_version)
            values ('pets', 1, 'main', 'text-classifier', 'root', 'w', '{}', '[]', '1')`.execute(db())
  assert.equal(await sweep(), 1)
  assert.equal(await blobs.has(sha256), false)
})
