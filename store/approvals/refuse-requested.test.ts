import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { DecisionKind } from '../../domain/rollout/rollout.ts'
import { withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { appendAudit, firstBrokenAuditRow } from '../audit.ts'
import { evidenceById, keepEvidence } from '../rollouts/evidence/evidence.ts'
import { promoteVersion } from '../rollouts/promote.ts'
import { rollBackRollout } from '../rollouts/rollbacks/roll-back.ts'
import { sayWarm } from '../rollouts/warm-versions.ts'
import { requestDecision } from './decisions.ts'

const db = useDatabase()

/** A rollout on whose evidence people have asked for decisions that nobody has applied. */
async function scene() {
  const made = await rolloutScene(db())
  const { key, name } = made
  const evidenceId = await made.evidence()
  const asks = async (decision: DecisionKind) => {
    const personId = await withRole(db(), `U${randomUUID()}`, 'approver', name)
    const asked = { ...key, evidenceId, decision, personId, reason: 'so', newId: randomUUID() }
    return { personId, decisionId: (await requestDecision(db(), asked)).decisionId }
  }
  const audited = async () => {
    const { rows } = await sql<{ personId: string; decisionId: string; refusal: string }>`
      select actor as "personId", details ->> 'decisionId' as "decisionId", details ->> 'refusal' as refusal from audit
      where action = 'decision.refused' and subject = ${`${name}:2`} order by actor`.execute(db())
    return rows
  }
  return { ...made, evidenceId, asks, audited }
}

const inOrder = <T extends { readonly personId: string }>(rows: readonly T[]) =>
  rows.toSorted((one, other) => (one.personId < other.personId ? -1 : 1))

test('new evidence refuses what was asked for on the old one, with an audit row for each', async () => {
  const { asks, audited, evidenceId } = await scene()
  const asked = [await asks('promote'), await asks('hold')]
  const { payload } = (await evidenceById(db(), evidenceId)) ?? assert.fail('there is evidence')
  const changed = { ...payload, judgement: { verdict: 'fail', why: 'a test', next: '' } } as const
  await keepEvidence(db(), changed, { goodForMs: 60_000 })
  assert.deepEqual(await audited(), inOrder(asked.map((each) => ({ ...each, refusal: 'stale' }))))
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('the end of a rollout refuses what is still asked for, with an audit row, once', async () => {
  const { asks, audited, key } = await scene()
  const asked = await asks('promote')
  const back = { ...key, end: 'withdrawn', why: 'a test', actor: 'test' } as const
  for (let twice = 0; twice < 2; twice += 1) await rollBackRollout(db(), back)
  assert.deepEqual(await audited(), [{ ...asked, refusal: 'not-pending' }])
})

test('a promotion refuses the other decisions, with an audit row for each, and not itself', async () => {
  const { asks, audited, key, evidenceId, name } = await scene()
  const applied = await asks('promote')
  const others = [await asks('promote'), await asks('reject')]
  await sayWarm(db(), `worker-of-${name}`, [{ bot: name, version: 2 }])
  const promotion = await promoteVersion(
    db(),
    { ...key, evidenceId, decisionId: applied.decisionId },
    { patient: false },
  )
  assert.deepEqual(promotion, { kind: 'promoted' })
  assert.deepEqual(await audited(), inOrder(others.map((each) => ({ ...each, refusal: 'decided' }))))
})

test('a rollback waits for somebody who is refusing a decision, and the two never wait for each other', async () => {
  const { asks, audited, key } = await scene()
  const { decisionId, personId } = await asks('hold')
  const back = await db()
    .transaction()
    .execute(async (trx) => {
      await sql`update decisions set state = 'refused', refusal = 'expired' where id = ${decisionId}`.execute(trx)
      const started = rollBackRollout(db(), { ...key, end: 'withdrawn', why: 'a test', actor: 'test' })
      await sleep(300)
      const refused = { actor: personId, action: 'decision.refused', subject: `${key.bot}:2` }
      await appendAudit(trx, { ...refused, details: { decisionId, refusal: 'expired' } })
      return [started]
    })
  assert.deepEqual(await Promise.all(back), [true])
  assert.deepEqual(await audited(), [{ personId, decisionId, refusal: 'expired' }])
})
