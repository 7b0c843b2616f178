import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { openBlobs } from '../adapters/blobs/files.ts'
import { readExamples } from '../models/datasets/examples.ts'
import { readMetadata } from '../models/version-facts.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { readCatalog } from '../test/support/releases/catalog.ts'
import { blobsOf, recordedReleases, restoreRelease } from '../test/support/releases/releases.ts'
import { firstBrokenAuditRow } from './audit.ts'
import { type Db, openDatabase } from './db.ts'
import { acceptedCorrections } from './learning/datasets/accepted-corrections.ts'
import { retrainsOf } from './learning/retrains/retrains.ts'
import { messageDetail } from './messages/message-detail.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { hashOfValue, latestEvidence } from './rollouts/evidence/evidence.ts'
import { rolloutOf, rolloutsOf } from './rollouts/rollouts.ts'
import { servingSetOf } from './versions/serving-sets.ts'
import { versionsOf } from './versions/versions.ts'

/* What earlier versions of the program have left behind is brought to today's schema, and read by the functions of today. */

async function emptyDatabase(context: TestContext): Promise<Db> {
  const { url, drop } = await createTestDatabase({ empty: true })
  const db = openDatabase(url)
  context.after(async () => {
    await db.destroy()
    await drop()
  })
  return db
}

/** An installation of that release, migrated. */
async function migrated(context: TestContext, release: string): Promise<Db> {
  const db = await emptyDatabase(context)
  await restoreRelease(db, release)
  await migrate(db)
  return db
}

const releases = await recordedReleases()

for (const release of releases) {
  test(`a database of ${release} becomes what a new one is, without and with rows, and nothing is left to do`, async (context) => {
    const fresh = await emptyDatabase(context)
    await migrate(fresh)
    const bare = await emptyDatabase(context)
    await restoreRelease(bare, release, { data: false })
    const applied = await migrate(bare)
    const full = await migrated(context, release)
    for (const db of [bare, full]) {
      assert.deepEqual(await readCatalog(db), await readCatalog(fresh))
      assert.deepEqual(await pendingMigrations(db), [])
    }
    // What the release had applied is not applied again.
    assert(applied.length < (await readdir(new URL('migrations', import.meta.url))).length)
  })

  test(`the audit of ${release} is whole after the migration, and every version has its files`, async (context) => {
    const db = await migrated(context, release)
    assert.equal(await firstBrokenAuditRow(db), undefined)
    const folder = blobsOf(release)
    const blobs = openBlobs(pathToFileURL(folder).href)
    const bots = await db.selectFrom('serving_sets').select('bot').execute()
    assert(bots.length > 0)
    for (const { bot } of bots)
      for (const { files, labels, datasetRoot, weightsSha256 } of await versionsOf(db, bot)) {
        const read = Object.entries(files).map(async ([name, sha256]) => [name, await blobs.get(sha256)] as const)
        const all = Object.fromEntries(await Promise.all(read))
        assert.deepEqual(readMetadata(all).labels, labels)
        assert.equal(readExamples(all).root, datasetRoot)
        assert.equal(files['weights.bin'], weightsSha256)
      }
    for (const path of await readdir(folder, { recursive: true })) {
      const [, name] = path.split(/[/\\]/)
      if (name === undefined) continue
      assert.equal(
        createHash('sha256')
          .update(await readFile(join(folder, path)))
          .digest('hex'),
        name,
      )
    }
  })
}

test('what 0.1.0 serves, and the rollout that brought it there, with the evidence that a person decided on', async (context) => {
  const db = await migrated(context, '0.1.0')
  const bot = 'team-router'
  const set = (await servingSetOf(db, bot)) ?? assert.fail('it serves')
  assert.equal(set.members.find(({ stage }) => stage === 'live')?.version, 2)
  assert.equal((await servingSetOf(db, 'after-dark'))?.members.filter(({ stage }) => stage === 'live').length, 2)
  const promoted = (await rolloutOf(db, { bot, version: 2 })) ?? assert.fail('it was rolled out')
  assert.equal(promoted.end, 'promoted')
  const evidence = (await latestEvidence(db, promoted)) ?? assert.fail('there is evidence')
  assert.equal(evidence.payload.judgement.verdict, 'pass')
  assert.equal(evidence.hash, hashOfValue(evidence.payload))
  const ends = (await rolloutsOf(db, bot)).map(({ end }) => end ?? 'open')
  for (const end of ['promoted', 'rejected', 'rolled-back', 'failed-gates', 'expired', 'withdrawn', 'open'] as const)
    assert(ends.includes(end), end)
  assert.deepEqual(
    (await retrainsOf(db, bot)).toSorted((one, other) => one.number - other.number).map(({ state }) => state),
    ['succeeded', 'cancelled', 'failed'],
  )
})

test('a message of 0.1.0 with its scores and its reply, and an accepted correction', async (context) => {
  const db = await migrated(context, '0.1.0')
  const [accepted] = (await acceptedCorrections(db, 'team-router')).filter(({ label }) => label === 'design')
  assert(accepted)
  assert.equal(accepted.people.length, 2)
  const detail = (await messageDetail(db, accepted.messageId)) ?? assert.fail('the message is there')
  assert.match(detail.text, /ticket \d+|dark theme/)
  const [input] = detail.inputs
  assert(input)
  assert.deepEqual([input.correction?.state, input.correction?.label], ['accepted', 'design'])
  const [score] = input.scores
  assert.equal(score?.version, 1)
  assert(Object.keys(score.probabilities ?? {}).length > 0)
  assert(detail.replies.some(({ kind, state }) => kind === 'choice' && state === 'sent'))
  const outcomes = await db
    .selectFrom('messages')
    .select('outcome')
    .distinct()
    .where('outcome', 'is not', null)
    .execute()
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ['answered', 'expired', 'failed', 'refused'])
})

test('every dataset of 0.1.0 names the files that it has: two, and those of texts two more', async (context) => {
  const db = await migrated(context, '0.1.0')
  const { rows: named } = await sql<{ bot: string; root: string; files: Readonly<Record<string, string>> }>`
    select bot, root, files from datasets order by bot`.execute(db)
  const blobs = openBlobs(pathToFileURL(blobsOf('0.1.0')).href)
  for (const { bot, root, files } of named) {
    const ofTexts = bot === 'team-router' ? ['grams.bin', 'split.json'] : []
    assert.deepEqual(Object.keys(files).toSorted(), ['embeddings.bin', 'examples.json', ...ofTexts].toSorted())
    assert.equal(readExamples({ 'examples.json': await blobs.get(files['examples.json'] ?? '') }).root, root)
    const learned = (await versionsOf(db, bot)).find(({ datasetRoot }) => datasetRoot === root)
    for (const name of ofTexts) assert.equal(learned?.files[name] ?? files[name], files[name])
  }
  assert.deepEqual(new Set(named.map(({ bot }) => bot)), new Set(['after-dark', 'fedora-finder', 'team-router']))
  await assert.rejects(sql`update datasets set files = '{}'`.execute(db), /immutable/)
})
