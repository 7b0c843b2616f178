import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import type { RolloutStage } from '../../domain/rollout/rollout.ts'
import { requestDecision } from '../../store/approvals/decisions.ts'
import { retrainSlot } from '../../store/learning/retrains/retrain-slots.ts'
import { latestEvidence } from '../../store/rollouts/evidence/evidence.ts'
import { rolloutOf } from '../../store/rollouts/rollouts.ts'
import { datasetsOf } from '../../store/versions/datasets.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { useDatabase } from '../support/database.ts'
import { withRole } from '../support/messages/corrections.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'
import { letterCounter } from './letters.ts'
import { openSpeller, peopleOf, trainFirst, withWorkers } from './speller.ts'

/*
 * A family that the product does not know is handed in, and its bot answers, learns and rolls a version out as every other bot does:
 * the real stories and steps on a real Temporal and a real database, in one process. Only Slack is in memory.
 */

const temporal = useTemporal()
const db = useDatabase()
const releases: (() => unknown)[] = []
after(async () => {
  for (const release of releases) await release()
})

/** What the first version has seen under neither label. */
const unheard = (index: number): string => `${'zkq'.repeat(2 + index)} ${index}`

test('a family of a test answers, is corrected, learns, passes its gates, is rolled out and answers anew', async () => {
  const speller = await openSpeller({
    ...{ db: db(), environment: temporal.environment() },
    onRelease: (release) => void releases.unshift(release),
  })
  const { bot, stories } = speller
  const { ask, correct, labelAll } = peopleOf(speller)
  const ref = { bot: bot.name, version: 2 }
  const reviewer = await withRole(db(), 'REVIEWER', 'reviewer', bot.name)
  const approver = await withRole(db(), 'APPROVER', 'approver', bot.name)
  await trainFirst(speller)
  await withWorkers(speller, async () => {
    assert.match((await ask('wyxw')).said, /an omega word/)
    const before = await ask(unheard(0))
    assert.match(before.said, /an alpha word/)

    await correct(before, 'omega')
    for (let index = 1; index < 12; index += 1) await correct(await ask(unheard(index)), 'omega')
    await eventually(() => rolloutOf(db(), ref), { timeoutMs: 60_000, what: 'a version on its way' })

    const reached = async (stage: RolloutStage) => {
      const row = await rolloutOf(db(), ref)
      assert.equal(row?.end, undefined, row?.reason)
      return row?.stage === stage
    }
    for (let asked = 0; asked < 80 && !(await reached('approval')); asked += 1) {
      await ask(unheard(asked % 20))
      await labelAll(reviewer, 'omega')
    }
    const evidence = await eventually(() => latestEvidence(db(), ref), { timeoutMs: 20_000, what: 'evidence' })
    assert.equal(evidence.payload.judgement.verdict, 'pass', evidence.payload.judgement.why)
    const decision = { ...ref, decision: 'promote', reason: 'it knows z', newId: randomUUID() } as const
    const { id: evidenceId } = evidence
    const { decisionId } = await requestDecision(db(), { ...decision, personId: approver, evidenceId })
    assert.equal(await stories.decide(ref, { decisionId, evidenceId, decision: 'promote' }), undefined)
    assert.match((await ask(unheard(0))).said, /an omega word/)
  })

  const set = await servingSetOf(db(), bot.name)
  assert.deepEqual(
    set?.members.filter(({ stage }) => stage === 'live').map(({ version }) => version),
    [2],
  )
  const { gates = [] } = await retrainSlot(db(), { bot: bot.name, number: 1, slot: 'main' })
  assert.deepEqual(
    gates.filter(({ verdict }) => verdict === 'fail'),
    [],
  )
  assert.equal(gates.length, letterCounter.gates.length)
  for (const { files } of await datasetsOf(db(), bot.name))
    assert.deepEqual(Object.keys(files).toSorted(), ['counts.bin', 'examples.json'])
})
