import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionOfAlias } from '../../domain/serving-set.ts'
import { useDatabase } from '../../test/support/database.ts'
import { saveDataset } from './datasets.ts'
import { replaceServingSet, servingSetOf } from './serving-sets.ts'
import { registerVersion, versionsOf } from './versions.ts'

const db = useDatabase()

const version = {
  bot: 'new-bot',
  version: 1,
  slot: 'main',
  family: 'picture-classifier',
  parent: undefined,
  datasetRoot: 'd'.repeat(64),
  weightsSha256: 'e'.repeat(64),
  files: { 'weights.bin': 'e'.repeat(64) },
  labels: ['cat', 'dog'],
  preprocessingVersion: 'v1',
} as const

const dataset = {
  root: version.datasetRoot,
  bot: 'new-bot',
  family: 'picture-classifier',
  files: { 'examples.json': '1'.repeat(64) },
  size: 2,
  labelCounts: { cat: 1, dog: 1 },
} as const

test('a version is registered once and never changes', async () => {
  await db()
    .transaction()
    .execute(async (trx) => {
      await saveDataset(trx, dataset)
      await saveDataset(trx, dataset)
      await registerVersion(trx, version)
    })
  assert.deepEqual(await versionsOf(db(), 'new-bot'), [{ ...version, lineage: undefined }])
  await assert.rejects(
    db()
      .transaction()
      .execute((trx) => registerVersion(trx, version)),
  )
  await assert.rejects(db().updateTable('versions').set({ slot: 'other' }).execute(), /immutable/)
})

test('a serving set is replaced as a whole, with an audit row', async () => {
  assert.equal(await servingSetOf(db(), 'nobody'), undefined)
  const member = { slot: 'main', version: 1, stage: 'live', weight: 1, baseline: true } as const
  const first = { policy: 'primary-then-best', members: [member] } as const
  const second = {
    ...first,
    members: [member, { ...member, slot: 'next', version: 2, stage: 'canary', baseline: false } as const],
  }
  for (const set of [first, second])
    await db()
      .transaction()
      .execute((trx) => replaceServingSet(trx, { bot: 'new-bot', set, actor: 'test' }))
  const set = await servingSetOf(db(), 'new-bot')
  assert.deepEqual(set, second)
  assert.deepEqual(
    (['champion', 'challenger', 'baseline'] as const).map((alias) => versionOfAlias(second, alias)),
    [1, 2, 1],
  )
  const rows = await db().selectFrom('audit').select('action').where('subject', '=', 'new-bot').execute()
  assert.equal(rows.length, 2)
})
