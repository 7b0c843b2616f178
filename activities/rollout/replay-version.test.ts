import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { BlobDamaged, BlobMissing } from '../../adapters/blobs/blob-errors.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { recordingsOf } from '../../store/rollouts/replays/recordings.ts'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { replayVersion } from './replay-version.ts'

const db = useDatabase()

/** A rollout with two recordings, the second of which cannot be read for this reason. */
async function withUnreadable(reason: Error) {
  const scene = await stagedRollout(db())
  await scene.ask()
  await sql`update recordings set input_sha256 = 'unreadable' where message_id = ${await scene.ask()}`.execute(db())
  const get = (sha256: string) =>
    sha256 === 'unreadable' ? Promise.reject(reason) : Promise.resolve(new Uint8Array(1))
  return replayVersion({ ...scene.deps, blobs: { get } }, { ...scene.ref, against: 1, limit: 10 })
}

test('a recording whose bytes are gone or damaged is left out, and the others are played', async () => {
  for (const reason of [new BlobMissing('unreadable'), new BlobDamaged('unreadable')])
    assert.equal((await withUnreadable(reason)).requests, 1)
})

test('a store that is out ends the attempt, so that an outage is never taken for a recording of nothing', async () => {
  const outage = new ServiceUnavailable('the blob store', 'EIO')
  await assert.rejects(withUnreadable(outage), { code: 'ServiceUnavailable' })
})

test('only what was prepared as the version reads it is played, the newest first, and the others are counted', async () => {
  const scene = await stagedRollout(db())
  const said: { message: string; rules: string }[] = []
  for (const rules of ['p1', 'p0', 'p1', 'p0', 'p1', 'p1']) said.push({ message: await scene.ask(), rules })
  for (const [day, { message, rules }] of said.entries())
    await sql`update recordings set preprocessing_version = ${rules}, recorded_at = ${new Date(Date.UTC(2026, 0, 1 + day))}
              where message_id = ${message}`.execute(db())
  const anything = { ...scene.deps, blobs: { get: () => Promise.resolve(new Uint8Array(1)) } }
  const since = new Date(Date.UTC(2026, 0, 2))
  const report = await replayVersion(anything, { ...scene.ref, against: 1, since, limit: 2 })
  assert.deepEqual([report.requests, report.otherPreprocessing, report.older, report.errors], [2, 2, 1, 0])
  assert.deepEqual([report.from, report.to], ['2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z'])
})

test('what one of both was trained on is marked, and what it was judged on is not', async () => {
  const scene = await stagedRollout(db())
  const [trained, heldOut] = [await scene.ask(), await scene.ask()]
  for (const [message, part] of [
    [trained, 'train'],
    [heldOut, 'correction-holdout'],
  ])
    await sql`insert into dataset_corrections (root, message_id, position, label, part)
              select dataset_root, ${message}, 0, 'fedora', ${part} from versions
              where bot = ${scene.bot} and version = 2`.execute(db())
  const learnedBy = async (versions: readonly number[]) =>
    (await recordingsOf(db(), scene.bot, { limit: 9, versions }))
      .filter(({ learned }) => learned)
      .map(({ messageId }) => messageId)
  assert.deepEqual(await learnedBy([1, 2]), [trained])
  assert.deepEqual(await learnedBy([]), [])
})
