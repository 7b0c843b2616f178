import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { bot, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { corrected, firstVersion, learnAll, say } from '../../test/support/learning/learned-corrections.ts'
import { correctionToLive, fixersOf, recordLive } from './live-notices.ts'

const db = useDatabase()

const told = async (version: number) =>
  (await fixersOf(db(), { bot, version })).map(({ messageId, label }) => `${messageId} ${label}`)

test('nobody hears that a label was learned which the version has not learned', async () => {
  await firstVersion(db())
  for (const user of ['FIRST', 'SECOND']) await withRole(db(), user, 'reviewer')
  const { id, ref } = await corrected(db(), ['FIRST'])
  const version = await learnAll(db(), 1)
  // Settled otherwise while the version was on its way.
  await say(db(), ref, { people: ['SECOND'], label: 'other-hat' })
  await recordLive(db(), { bot, version })
  assert.deepEqual(await told(version), [])
  assert.equal((await correctionToLive(db(), bot)).corrections, 0)
  await say(db(), ref, { people: ['SECOND'], label: 'no-fedora' })
  await recordLive(db(), { bot, version })
  assert.deepEqual(await told(version), [`${id} no-fedora`, `${id} no-fedora`])
  // Settled otherwise before everybody was told.
  await say(db(), ref, { people: ['SECOND'], label: 'other-hat' })
  assert.deepEqual(await told(version), [])
})

test('a correction that was held out is judged by, not learned, and nobody hears that it was', async () => {
  const { id } = await corrected(db(), ['FIRST'])
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values ('dataset-1', ${id}, 0, 'no-fedora', 'correction-holdout')`.execute(db())
  const before = (await correctionToLive(db(), bot)).corrections
  await recordLive(db(), { bot, version: 2 })
  assert.deepEqual(await told(2), [])
  assert.equal((await correctionToLive(db(), bot)).corrections, before)
})
