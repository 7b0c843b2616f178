import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApplicationFailure } from '@temporalio/common'
import type { Score } from '../../domain/rendezvous/score.ts'
import type { Activities, Prepared, ReplyRequest, ScoreRequest } from '../../activities/contract.ts'
import { messageLifetimeMs } from '../../domain/outcome.ts'
import type { Member } from '../../domain/serving-set.ts'
import { outcomeAttribute, modelVersionAttribute, statusQuery } from '../../workflows/messages.ts'
import { runMessage, useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()

const member = (slot: string, version: number, stage: Member['stage'] = 'live'): Member => ({
  slot,
  version,
  stage,
  weight: 1,
  baseline: false,
})

const readyPrepared = (...members: Member[]) => ({
  kind: 'ready' as const,
  inputs: [{ position: 0, inputSha256: 'a'.repeat(64) }],
  refused: [],
  intent: 'ask' as const,
  members,
  policy: 'primary-then-best' as const,
  calibrated: true,
  share: 0,
  moderated: false,
  asking: { below: 0, share: 0 },
})

const ready = (...members: Member[]): Prepared => readyPrepared(...members)

const scoreOf = ({ member: { slot, version, stage } }: ScoreRequest, confidence: number): Score => ({
  slot,
  version,
  stage,
  label: 'cat',
  confidence,
  known: true,
  probabilities: { cat: confidence, dog: 1 - confidence },
  evalMs: 1,
})

/** Steps that succeed at once and remember what they were asked. */
function steps(overrides: Partial<Activities> = {}) {
  const replies: ReplyRequest[] = []
  const closed: { outcome: string; reason: string }[] = []
  const activities: Activities = {
    prepareMessage: () => Promise.resolve(ready(member('main', 1))),
    scoreMessage: (request) => Promise.resolve(scoreOf(request, 0.9)),
    replyToMessage: (request) => {
      replies.push(request)
      const outcome = { choices: 'answered', refusal: 'refused', apology: 'failed' } as const
      return Promise.resolve({ kind: 'sent', replyId: 'r1', outcome: outcome[request.answer.kind] })
    },
    moderatePictures: () => Promise.resolve({ pictures: 0, shown: 0, withheld: 0 }),
    castVote: () => Promise.resolve(),
    awaitVersion: () => assert.fail('a version is live'),
    introduce: () => assert.fail('nobody is matched here'),
    askPeople: () => Promise.resolve(),
    explainSilence: () => Promise.resolve('the model is not ready: weights are missing'),
    closeMessage: ({ outcome, reason }) => Promise.resolve(void closed.push({ outcome, reason })),
    ...overrides,
  }
  return { activities, replies, closed }
}

test('a message is prepared, scored, chosen for and replied to', async () => {
  const { activities, replies } = steps()
  const { end, handle } = await runMessage(temporal.environment(), activities)
  assert.deepEqual(end, { outcome: 'answered', replyId: 'r1' })
  const [reply] = replies
  assert.equal(reply?.answer.kind === 'choices' && reply.answer.choices[0]?.choice.label, 'cat')
  const { typedSearchAttributes } = await handle.describe()
  assert.equal(typedSearchAttributes.get(outcomeAttribute), 'answered')
  assert.equal(typedSearchAttributes.get(modelVersionAttribute), 'v1')
})

test('bad input is refused in one reply, and no model is asked', async () => {
  const { activities, replies } = steps({
    prepareMessage: () => Promise.resolve({ kind: 'refused', refusal: 'no-picture' }),
    scoreMessage: () => assert.fail('a refused message is not scored'),
  })
  const { end } = await runMessage(temporal.environment(), activities)
  assert.equal(end.outcome, 'refused')
  assert.deepEqual(
    replies.map((reply) => reply.answer),
    [{ kind: 'refusal', refusal: 'no-picture' }],
  )
})

test('a message older than 24 hours expires without a reply', async () => {
  const { activities, replies, closed } = steps()
  const { end } = await runMessage(temporal.environment(), activities, { receivedAt: Date.now() - messageLifetimeMs })
  assert.deepEqual(end, { outcome: 'expired' })
  assert.deepEqual(closed, [{ outcome: 'expired', reason: 'older than 24 hours' }])
  assert.equal(replies.length, 0)
})

test('when the retries of 24 hours are used up, one apology is sent and the workflow completes', async () => {
  const { activities, replies } = steps({
    prepareMessage: () => Promise.reject(ApplicationFailure.create({ type: 'ServiceUnavailable', message: 'away' })),
  })
  const receivedAt = Date.now() - messageLifetimeMs + 3_000
  const { end, handle } = await runMessage(temporal.environment(), activities, { receivedAt })
  assert.equal(end.outcome, 'failed')
  assert.deepEqual(
    replies.map((reply) => reply.answer),
    [{ kind: 'apology' }],
  )
  assert.equal((await handle.describe()).status.name, 'COMPLETED')
})

test('a failed score is tried again until it succeeds', async () => {
  let tries = 0
  const { activities } = steps({
    scoreMessage: (request) =>
      ++tries < 3
        ? Promise.reject(ApplicationFailure.create({ type: 'ModelNotReady', message: 'loading' }))
        : Promise.resolve(scoreOf(request, 0.7)),
  })
  const { end } = await runMessage(temporal.environment(), activities)
  assert.equal(end.outcome, 'answered')
  assert.equal(tries, 3)
})

test('while no version answers, the current details say why; the first late score becomes the answer', async () => {
  let isBack = false
  const { activities } = steps({
    scoreMessage: (request) =>
      isBack
        ? Promise.resolve(scoreOf(request, 0.8))
        : Promise.reject(ApplicationFailure.create({ type: 'ModelNotReady', message: 'missing', nextRetryDelay: 500 })),
  })
  const { end } = await runMessage(temporal.environment(), activities, {
    during: async (workflowId) => {
      await sleep(10_500)
      const handle = temporal.client().workflow.getHandle(workflowId)
      assert.equal(await handle.query(statusQuery), 'scoring')
      const details = JSON.stringify(await handle.query('__temporal_workflow_metadata'))
      assert.match(details, /weights are missing/)
      isBack = true
    },
  })
  assert.equal(end.outcome, 'answered')
})

test('at the deadline the scores that arrived are chosen from, and the late one is still waited for', async () => {
  const scored: string[] = []
  const { activities, replies } = steps({
    prepareMessage: () => Promise.resolve(ready(member('slow', 1), member('quick', 2))),
    scoreMessage: async (request) => {
      if (request.member.slot === 'slow') await sleep(9_500)
      scored.push(request.member.slot)
      return scoreOf(request, 0.6)
    },
  })
  const { end } = await runMessage(temporal.environment(), activities)
  assert.equal(end.outcome, 'answered')
  assert.deepEqual(scored, ['quick', 'slow'])
  const [reply] = replies
  const choice = reply?.answer.kind === 'choices' ? reply.answer.choices[0]?.choice : undefined
  assert(choice)
  assert.deepEqual([choice.slot, choice.deadlineHit, choice.candidates.length], ['quick', true, 1])
})

test('a shadow version scores but is never the answer, and never keeps anybody waiting', async () => {
  const { activities, replies } = steps({
    prepareMessage: () => Promise.resolve(ready(member('main', 1), member('next', 2, 'shadow'))),
    scoreMessage: async (request) => {
      if (request.member.stage === 'shadow') await sleep(500)
      return scoreOf(request, request.member.stage === 'shadow' ? 0.99 : 0.6)
    },
  })
  await runMessage(temporal.environment(), activities)
  const [reply] = replies
  const choice = reply?.answer.kind === 'choices' ? reply.answer.choices[0]?.choice : undefined
  assert(choice)
  assert.equal(choice.slot, 'main')
  assert.equal(choice.candidates.length, 1)
})

test('without a live version the message waits, and is answered by the one that comes', async () => {
  let looks = 0
  let waits = 0
  const { activities } = steps({
    prepareMessage: () => Promise.resolve(++looks === 1 ? ready() : ready(member('main', 1))),
    awaitVersion: () =>
      (waits += 1) < 3
        ? Promise.reject(ApplicationFailure.create({ type: 'ModelNotReady', message: 'no version is live' }))
        : Promise.resolve(),
  })
  const { end, handle } = await runMessage(temporal.environment(), activities)
  assert.equal(end.outcome, 'answered')
  assert.deepEqual([looks, waits], [2, 3])
  // However long it waits, its history does not grow: the activity is tried again, at intervals that double.
  const { events = [] } = await handle.fetchHistory()
  const waiting = events?.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name === 'awaitVersion' ? [scheduled.retryPolicy] : [],
  )
  assert.equal(waiting?.length, 1)
  assert.deepEqual([waiting[0]?.backoffCoefficient, Number(waiting[0]?.maximumInterval?.seconds)], [2, 600])
})

const matching = (...members: Member[]): Prepared => ({ ...readyPrepared(...members), intent: 'none' })

test('a person is matched by the average of the live versions, introduced once, and not asked about', async () => {
  const introduced: Parameters<Activities['introduce']>[0][] = []
  const { activities, replies } = steps({
    prepareMessage: () => Promise.resolve(matching(member('main', 1), member('other', 2))),
    introduce: (request) => {
      introduced.push(request)
      return Promise.resolve({ kind: 'sent', replyId: 'r2', outcome: 'answered' })
    },
    askPeople: () => assert.fail('nobody is asked about a profile'),
  })
  for (const type of ['answerMessage', 'matchPeople'] as const) {
    const { end } = await runMessage(temporal.environment(), activities, { type })
    assert.deepEqual(end, { outcome: 'answered', replyId: 'r2' })
  }
  assert.deepEqual(
    introduced.map(({ choices }) => [choices.length, choices[0]?.choice.policy]),
    [
      [1, 'average'],
      [1, 'average'],
    ],
  )
  assert.deepEqual(replies, [])
})

test('without a live version somebody who wants to be matched waits like any message', async () => {
  let looks = 0
  const { activities } = steps({
    prepareMessage: () => Promise.resolve(++looks === 1 ? matching() : matching(member('main', 1))),
    awaitVersion: () => Promise.resolve(),
    introduce: () => Promise.resolve({ kind: 'sent', replyId: 'r2', outcome: 'answered' }),
  })
  const { end } = await runMessage(temporal.environment(), activities)
  assert.deepEqual([end.outcome, looks], ['answered', 2])
})

test('a cancelled message ends as failed, and says so', async () => {
  const { activities, closed } = steps({
    scoreMessage: () => Promise.reject(ApplicationFailure.create({ type: 'ModelNotReady', message: 'missing' })),
  })
  const { end } = await runMessage(temporal.environment(), activities, {
    during: async (workflowId) => {
      await sleep(1_000)
      await temporal.client().workflow.getHandle(workflowId).cancel()
    },
  })
  assert.equal(end.outcome, 'failed')
  assert.deepEqual(closed, [{ outcome: 'failed', reason: 'cancelled by an operator' }])
})
