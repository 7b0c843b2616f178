import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { RolloutDeps } from '../../activities/rollout/create.ts'
import { rollBackRollout } from '../../store/rollouts/rollbacks/roll-back.ts'
import { rolloutEvents } from '../../store/rollouts/rollouts.ts'
import { decideSignal, rolloutQuery, stageAttribute } from '../../workflows/messages.ts'
import { useDatabase } from '../support/database.ts'
import { eventually } from '../support/platforms/platform.ts'
import { assertRolledBack, playOn, refusedAs } from '../support/learning/playing-rollout.ts'
import { stagedRollout } from '../support/learning/staged-rollout.ts'
import { useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()
const db = useDatabase()

const playing = playOn({ temporal, db })

test('a better version goes from replay to live on a person’s yes, and is watched until it is done', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    assert.equal(evidence.payload.judgement.verdict, 'pass')
    assert.deepEqual(evidence.payload.traffic.pairs, { wins: 8, losses: 0, neither: 0 })
    assert.equal((await play.handle.query(rolloutQuery)).stage, 'approval')
    const decided = await play.update(await play.decides('promote', await play.approver(), evidence.id))
    assert.equal(decided.decisionId.length, 36)
    assert.equal(await play.stageOf(2), 'live')
    await play.reached('bake')
    await play.asks(3)
    assert.equal(await play.handle.result(), 'promoted')
    assert.deepEqual(play.news.toSorted(), ['canary', 'fixers', 'live', 'shadow'])
    assert.deepEqual(play.cards, [evidence.id])
    const { typedSearchAttributes } = await play.handle.describe()
    assert.equal(typedSearchAttributes.get(stageAttribute), 'done')
  })
})

test('a bad version is rolled back in shadow', async () => {
  await playing({}, async (play) => {
    await play.reached('shadow')
    await play.asks(3, { error: 'ModelNotReady' })
    await assertRolledBack(play, 'rolled-back')
    assert.match((await play.row())?.reason ?? '', /errors: 3 of the last 3/)
  })
})

test('a bad version is rolled back in the canary', async () => {
  await playing({}, async (play) => {
    await play.reached('shadow')
    await play.asks(3)
    await play.reached('canary')
    await play.asks(3, { probabilities: { fedora: null } })
    await assertRolledBack(play, 'rolled-back')
  })
})

test('a bad version is rolled back while it waits for an approval, and a click on its card comes too late', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    const promote = await play.decides('promote', await play.approver(), evidence.id)
    await play.asks(3, { error: 'ModelNotReady' })
    await assertRolledBack(play, 'rolled-back')
    await assert.rejects(play.update(promote))
    const { rows } = await sql<{ state: string }>`select state from decisions where id = ${promote.decisionId}`.execute(
      db(),
    )
    assert.deepEqual(rows, [{ state: 'refused' }])
  })
})

test('a bad version is rolled back after it went live', async () => {
  await playing({ rollout: { bakeRequests: 50 } }, async (play) => {
    const evidence = await play.toApproval()
    await play.update(await play.decides('promote', await play.approver(), evidence.id))
    await play.asks(3, { error: 'ModelNotReady' })
    await assertRolledBack(play, 'rolled-back')
  })
})

test('blind labels that say the champion is better end it', async () => {
  await playing({ rollout: { shadowRequests: 50 } }, async (play) => {
    await play.reached('shadow')
    for (let at = 0; at < 8; at += 1) await play.labelBlind(await play.ask({ 2: { label: 'no-fedora' } }), 'fedora')
    await assertRolledBack(play, 'rolled-back')
    assert.match((await play.row())?.reason ?? '', /evidence/)
  })
})

test('a version that breaks what people have labelled does not get past its replay', async () => {
  const said = (label: string) => ({ label, confidence: 0.9, known: true, probabilities: {}, evalMs: 1 })
  const predictorOf: RolloutDeps['predictorOf'] = (_, version) =>
    Promise.resolve(() => Promise.resolve(said(version === 2 ? 'no-fedora' : 'fedora')))
  const scene = await stagedRollout(db())
  for (let at = 0; at < 8; at += 1) await scene.labelBlind(await scene.ask(), 'fedora')
  const activities = scene.activities({ predictorOf })
  await activities.openRollout({ ...scene.ref, demo: false })
  const first = await new MockActivityEnvironment().run(() => activities.replayRollout(scene.ref))
  assert.equal((first as { readonly verdict: string }).verdict, 'fail')
  // The same again is the same report.
  assert.deepEqual(await new MockActivityEnvironment().run(() => activities.replayRollout(scene.ref)), first)
})

test('forged, stale, early and refused decisions change nothing, and a hold keeps it waiting', async () => {
  await playing({}, async (play) => {
    await play.reached('shadow')
    const forged = { decisionId: randomUUID(), evidenceId: randomUUID(), decision: 'promote' } as const
    await assert.rejects(play.update(forged), refusedAs('NotPending'))
    const evidence = await play.toApproval()
    await play.reached('approval')
    await assert.rejects(play.update(forged), refusedAs('StaleEvidence'))
    // Right evidence, and no such decision in our records.
    await assert.rejects(play.update({ ...forged, evidenceId: evidence.id }), refusedAs('Refused'))
    await play.handle.signal(decideSignal, forged)
    const approver = await play.approver()
    await play.update(await play.decides('hold', approver, evidence.id))
    assert.equal((await play.row())?.held, true)
    assert.equal(await play.stageOf(2), 'canary')
    const reject = await play.decides('reject', approver, evidence.id)
    await play.update(reject).catch(() => undefined)
    await assertRolledBack(play, 'rejected')
  })
})

test('a card that nobody decided on ends the rollout', async () => {
  await playing({ rollout: { approvalWithinMs: 1_500, maxWaitMs: 0 } }, async (play) => {
    await assertRolledBack(play, 'expired')
  })
})

test('without traffic the card is asked anyway, inconclusive, and a person may override it', async () => {
  await playing({ rollout: { maxWaitMs: 1_000, bakeMs: 1_000 } }, async (play) => {
    await play.reached('approval')
    const evidence = await play.shown()
    assert.equal(evidence.payload.judgement.verdict, 'inconclusive')
    // Nobody has seen it: it is still in the shadow.
    assert.equal(await play.stageOf(2), 'shadow')
    await play.update(await play.decides('promote', await play.approver(), evidence.id))
    assert.equal(await play.handle.result(), 'promoted')
  })
})

test('a light that changes redraws the card, and the old one cannot be decided on', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    await play.asks(1, { error: 'ModelNotReady' })
    const redrawn = await eventually(
      async () => {
        const latest = await play.shown()
        return latest.id === evidence.id ? undefined : latest
      },
      { timeoutMs: 20_000, what: 'new evidence' },
    )
    assert.equal(redrawn.payload.guards.find(({ guard }) => guard === 'errors')?.light, 'yellow')
    const stale = await play.decides('promote', await play.approver(), evidence.id)
    await assert.rejects(play.update(stale))
    await play.update(await play.decides('promote', await play.approver(), redrawn.id))
    assert.equal(await play.stageOf(2), 'live')
    await play.asks(3)
    await play.handle.result()
  })
})

test('a rollback past the workflow ends it, as when Temporal is down', async () => {
  await playing({}, async (play) => {
    await play.reached('shadow')
    await rollBackRollout(db(), { ...play.ref, end: 'withdrawn', why: 'somebody said so', actor: 'test' })
    await assertRolledBack(play, 'withdrawn')
  })
})

test('an operator’s cancellation takes the version out', async () => {
  await playing({}, async (play) => {
    await play.reached('shadow')
    await play.handle.cancel()
    await assertRolledBack(play, 'withdrawn')
  })
})

test('the watch keeps what it saw once per change', async () => {
  await playing({ rollout: { shadowRequests: 20 } }, async (play) => {
    await play.reached('shadow')
    await play.asks(2)
    await eventually(async () => (await rolloutEvents(db(), play.ref)).length >= 3 || undefined, {
      timeoutMs: 20_000,
      what: 'judgements',
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const details = (await rolloutEvents(db(), play.ref))
      .filter(({ kind }) => kind === 'judged')
      .map(({ detail }) => JSON.stringify(detail))
    assert.equal(new Set(details).size, details.length)
    await play.handle.cancel()
    await play.handle.result()
  })
})

test('a card that is held is made anew when its time is over, and can still be decided on', async () => {
  await playing({ rollout: { approvalWithinMs: 5_000, maxWaitMs: 0 } }, async (play) => {
    await play.reached('approval')
    const evidence = await play.shown()
    const approver = await play.approver()
    await play.update(await play.decides('hold', approver, evidence.id))
    const renewed = await eventually(
      async () => {
        const latest = await play.shown()
        return latest.id === evidence.id ? undefined : latest
      },
      { timeoutMs: 20_000, what: 'a new card' },
    )
    await play.update(await play.decides('reject', approver, renewed.id)).catch(() => undefined)
    await assertRolledBack(play, 'rejected')
  })
})

test('a hold that is none of ours is refused, and the guards go on', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    const forged = { decisionId: 'made up', evidenceId: evidence.id, decision: 'hold' } as const
    await assert.rejects(play.update(forged), refusedAs('Refused'))
    await play.asks(3, { error: 'ModelNotReady' })
    await assertRolledBack(play, 'rolled-back')
  })
})
