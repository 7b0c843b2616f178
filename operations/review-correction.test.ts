import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from '@temporalio/client'
import { correctionDefaults } from '../domain/correction.ts'
import { countVote } from '../store/corrections/count-vote.ts'
import { reviewCorrection } from '../store/corrections/review-correction.ts'
import { waitingReviews } from '../store/corrections/waiting-reviews.ts'
import { answered, cast, voteBy, withRole } from '../test/support/messages/corrections.ts'
import { useDatabase } from '../test/support/database.ts'
import { useTemporal } from '../test/support/workflow-environment.ts'
import { openStories } from '../infra/temporal/stories.ts'
import { handOnReview } from './review-correction.ts'

const temporal = useTemporal()
const db = useDatabase()

const waiting = () => waitingReviews(db(), { olderThanMs: 0, limit: 10 })

const handing = (client: Client) => ({ db: db(), stories: () => Promise.resolve(openStories(client)) })

/** A correction that a reviewer has rejected, in an API that came no further than its commit. */
async function reviewedAndKilled() {
  const { ref, prediction } = await answered(db())
  const target = { kind: 'prediction', ...ref } as const
  const { voteId } = await cast(db(), voteBy('U1', { target, label: 'no-fedora' }))
  await countVote(db(), voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  const personId = await withRole(db(), `R${prediction}`, 'reviewer')
  const reviewed = await reviewCorrection(db(), { ...ref, decision: 'reject', personId })
  assert(reviewed.kind === 'reviewed')
  const { revision } = reviewed
  return { ...ref, bot: 'fedora-finder', prediction, revision, voteIds: [voteId] }
}

test('what an API that was killed after its commit has left is handed on, once', async () => {
  const review = await reviewedAndKilled()
  assert.deepEqual(await waiting(), [review])
  assert.deepEqual(await waitingReviews(db(), { olderThanMs: 60_000, limit: 10 }), [])
  const client = temporal.client()
  await handOnReview(handing(client), review)
  const { type, status } = await client.workflow
    .getHandle(`review:fedora-finder:${review.prediction}:${review.revision}`)
    .describe()
  assert.deepEqual([type, status.name, await waiting()], ['tellReview', 'RUNNING', []])
})

test('a review that was handed on and not noted as such is told by the run that there is', async () => {
  const review = await reviewedAndKilled()
  const client = temporal.client()
  const deps = handing(client)
  await handOnReview(deps, review)
  const handle = client.workflow.getHandle(`review:fedora-finder:${review.prediction}:${review.revision}`)
  const { runId } = await handle.describe()
  await handle.terminate('it has ended')
  await handOnReview(deps, review)
  assert.equal((await handle.describe()).runId, runId)
})

test('a review waits while Temporal is out', async () => {
  const review = await reviewedAndKilled()
  const client = new Client({ connection: temporal.client().connection, namespace: 'a-namespace-that-is-not-there' })
  await assert.rejects(handOnReview(handing(client), review), { name: 'NamespaceNotFoundError' })
  assert.deepEqual(await waiting(), [review])
})
