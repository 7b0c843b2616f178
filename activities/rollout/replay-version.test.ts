import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlobMissing } from '../../adapters/blobs/blob-errors.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { useDatabase } from '../../test/support/database.ts'
import type { ReplayDeps } from './deps.ts'
import { replayVersion } from './replay-version.ts'

const db = useDatabase()

const order = { bot: 'fedora-finder', version: 2, against: 1, limit: 10 }
const recording = (messageId: string) => ({
  ...{ messageId, position: 0, inputSha256: messageId, preprocessingVersion: '1' },
  context: { intent: 'ask', subject: null, earlier: [] } as const,
  ...{ recordedAt: new Date('2026-01-02T03:04:05Z'), truth: undefined },
})

/** Two recordings, the second of which cannot be read for this reason. */
const withUnreadable = (reason: Error): ReplayDeps => ({
  db: db(),
  store: {
    recordingsOf: () => Promise.resolve([recording('there'), recording('unreadable')]),
    preprocessingOf: () => Promise.resolve('1'),
  },
  blobs: { get: (sha256) => (sha256 === 'there' ? Promise.resolve(new Uint8Array(1)) : Promise.reject(reason)) },
  predictorOf: () =>
    Promise.resolve(() =>
      Promise.resolve({ label: 'fedora', confidence: 0.9, known: true, probabilities: {}, evalMs: 1 }),
    ),
  clock: () => 0,
})

test('a recording whose bytes are gone is left out, and the others are played', async () => {
  const report = await replayVersion(withUnreadable(new BlobMissing('unreadable')), order)
  assert.equal(report.requests, 1)
})

test('a store that is out ends the attempt, so that an outage is never taken for a recording of nothing', async () => {
  const outage = new ServiceUnavailable('the blob store', 'EIO')
  await assert.rejects(replayVersion(withUnreadable(outage), order), { code: 'ServiceUnavailable' })
})

test('what was prepared by other rules than the version reads is counted, and never played to it', async () => {
  const deps = withUnreadable(new BlobMissing('unreadable'))
  const old = { ...recording('old'), preprocessingVersion: '0' }
  const store = { ...deps.store, recordingsOf: () => Promise.resolve([old, recording('there'), old]) }
  const report = await replayVersion({ ...deps, store }, order)
  assert.deepEqual([report.requests, report.otherPreprocessing, report.errors], [1, 2, 0])
})
