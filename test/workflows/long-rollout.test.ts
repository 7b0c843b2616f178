import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rolloutWorkflowId } from '../../domain/keys.ts'
import { useDatabase } from '../support/database.ts'
import { eventually } from '../support/platforms/platform.ts'
import { type Play, playOn } from '../support/learning/playing-rollout.ts'
import { useTemporal } from '../support/workflow-environment.ts'

// Every rollout is long here: the first card that changes continues it as new.
const temporal = useTemporal(['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=20'])
const db = useDatabase()
const playing = playOn({ temporal, db })

const runOf = async ({ bot }: Play) =>
  (await temporal.client().workflow.getHandle(rolloutWorkflowId(bot, 2)).describe()).runId

/** Other evidence than this, with its card, in another run than this. */
const afterwards = (play: Play, evidenceId: string, runId: string) =>
  eventually(
    async () => {
      const latest = await play.shown()
      return latest.id !== evidenceId && (await runOf(play)) !== runId ? latest : undefined
    },
    { timeoutMs: 20_000, what: 'the next run' },
  )

test('a rollout that waits long goes on in a new run: what was decided stays so, and the new card can be decided on', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    const first = await runOf(play)
    const approver = await play.approver()
    const hold = await play.decides('hold', approver, evidence.id)
    await play.update(hold)
    await play.asks(1, { error: 'ModelNotReady' })
    const renewed = await afterwards(play, evidence.id, first)
    // A late delivery of what the run before has handled is answered as it was, and decides nothing anew.
    assert.equal((await play.update(hold)).decisionId, hold.decisionId)
    assert.equal(await play.stageOf(2), 'canary')
    await play.update(await play.decides('promote', approver, renewed.id))
    assert.equal(await play.stageOf(2), 'live')
    await play.asks(3)
    assert.equal(await play.handle.result(), 'promoted')
    assert.deepEqual(play.news.toSorted(), ['canary', 'fixers', 'live', 'shadow'])
  })
})

test('guards go on in the new run', async () => {
  await playing({}, async (play) => {
    const evidence = await play.toApproval()
    const first = await runOf(play)
    await play.asks(1, { error: 'ModelNotReady' })
    await afterwards(play, evidence.id, first)
    await play.asks(2, { error: 'ModelNotReady' })
    assert.equal(await play.handle.result(), 'rolled-back')
    assert.equal((await play.row())?.end, 'rolled-back')
  })
})
