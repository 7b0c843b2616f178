import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { DecisionKind } from '../../domain/rollout/rollout.ts'
import { answered, cast, voteBy, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { decisionById, recordOverdueDecisions, refuseDecision, requestDecision } from './decisions.ts'
import { recordHoldOrReject } from './record-decision.ts'

const db = useDatabase()

async function scene(options: Parameters<typeof rolloutScene>[1] = {}) {
  const made = await rolloutScene(db(), options)
  const approver = (user = `U${randomUUID()}`) => withRole(db(), user, 'approver', made.name)
  const asks = (personId: string, evidenceId: string, decision: DecisionKind = 'promote') =>
    requestDecision(db(), { ...made.key, evidenceId, decision, personId, reason: 'so', newId: randomUUID() })
  const refusalOf = async (...args: Parameters<typeof asks>) => {
    const answer = await asks(...args)
    return answer.kind === 'refused' ? answer.refusal : answer.kind
  }
  return { ...made, approver, asks, refusalOf }
}

test('an approver decides on the newest evidence, and a double click is one decision', async () => {
  const { approver, asks, evidence } = await scene()
  const person = await approver()
  const id = await evidence()
  const [one, two] = await Promise.all([asks(person, id), asks(person, id)])
  assert.equal(one.kind, 'requested')
  assert.deepEqual(one, two)
})

test('a forged, stale or expired card, and one that nothing waits for, are refused', async () => {
  const { approver, refusalOf, evidence } = await scene()
  const person = await approver()
  const old = await evidence()
  const other = await (await scene()).evidence()
  assert.equal(await refusalOf(person, randomUUID()), 'unknown-evidence')
  assert.equal(await refusalOf(person, other), 'unknown-evidence')
  await evidence()
  assert.equal(await refusalOf(person, old), 'stale')
  assert.equal(await refusalOf(person, await evidence('pass', -1)), 'expired')
  const canary = await scene({ stage: 'canary' })
  assert.equal(await canary.refusalOf(await canary.approver(), await canary.evidence()), 'not-pending')
})

test('only approvers decide; a role with another bot is none', async () => {
  const { refusalOf, evidence, name } = await scene()
  const id = await evidence()
  assert.equal(await refusalOf(await withRole(db(), 'U-reviewer', 'reviewer', name), id), 'not-approver')
  assert.equal(await refusalOf(await withRole(db(), 'U-elsewhere', 'approver', 'another-bot'), id), 'not-approver')
  assert.equal(await refusalOf(await withRole(db(), 'U-admin', 'admin', '*'), id), 'requested')
})

test('evidence that says fail or too little promotes nobody; an inconclusive one is a recorded override', async () => {
  const { approver, asks, refusalOf, evidence } = await scene()
  const person = await approver()
  assert.equal(await refusalOf(person, await evidence('fail')), 'verdict')
  assert.equal(await refusalOf(person, await evidence('no_data')), 'verdict')
  const answer = await asks(person, await evidence('inconclusive'))
  assert.equal((await decisionById(db(), answer.decisionId))?.override, true)
  assert.equal(await refusalOf(person, await evidence('fail'), 'reject'), 'requested')
})

test('whoever overrides an inconclusive verdict says why', async () => {
  const { approver, evidence, key } = await scene()
  const request = { ...key, evidenceId: await evidence('inconclusive'), decision: 'promote' as const }
  const asked = { ...request, personId: await approver(), newId: randomUUID() }
  const answer = await requestDecision(db(), { ...asked, reason: ' ' })
  assert.equal(answer.kind === 'refused' && answer.refusal, 'no-reason')
  assert.equal((await requestDecision(db(), { ...asked, reason: 'we need it' })).kind, 'requested')
})

test('nobody promotes what they have contributed to; what the parent knew already is nobody’s', async () => {
  const { refusalOf, evidence, root, name } = await scene()
  const user = `U${randomUUID()}`
  const person = await withRole(db(), user, 'approver', name)
  const { ref } = await answered(db())
  const { voteId } = await cast(db(), voteBy(user, { target: { kind: 'prediction', ...ref }, label: 'no-fedora' }))
  await sql`update votes set verdict = 'counted' where id = ${voteId}`.execute(db())
  const learn = (dataset: string) =>
    sql`insert into dataset_corrections (root, message_id, position, label, part)
        values (${dataset}, ${ref.messageId}, 0, 'no-fedora', 'train')`.execute(db())
  await learn(root)
  const id = await evidence()
  assert.equal(await refusalOf(person, id), 'own-data')
  assert.equal(await refusalOf(person, id, 'hold'), 'requested')
  const { rows } = await sql<{ dataset_root: string }>`
    select dataset_root from versions where bot = ${name} and version = 1`.execute(db())
  await learn(rows[0]?.dataset_root ?? '')
  assert.equal(await refusalOf(person, id), 'requested')
})

test('of two people at once one decides, and the other is refused', async () => {
  const { approver, asks, evidence, key } = await scene()
  const id = await evidence()
  const people = [await approver(), await approver()]
  const answers = await Promise.all(people.map((person) => asks(person, id, 'reject')))
  const recorded = await Promise.all(answers.map(({ decisionId }) => recordHoldOrReject(db(), decisionId)))
  assert.deepEqual(recorded.map(({ kind }) => kind).toSorted(), ['recorded', 'refused'])
  const { rows } = await sql<{ state: string; refusal: string | null }>`
    select state, refusal from decisions where bot = ${key.bot} order by state`.execute(db())
  assert.deepEqual(rows, [
    { state: 'applied', refusal: null },
    { state: 'refused', refusal: 'decided' },
  ])
})

test('a hold holds, may be followed by another decision, and repeating it changes nothing', async () => {
  const { approver, asks, refusalOf, evidence, key } = await scene()
  const person = await approver()
  const id = await evidence()
  const { decisionId } = await asks(person, id, 'hold')
  for (let time = 0; time < 2; time++)
    assert.deepEqual(await recordHoldOrReject(db(), decisionId), { kind: 'recorded' })
  const { rows } = await sql<{ held: boolean; events: number }>`
    select held, (select count(*)::int from rollout_events where bot = ${key.bot} and kind = 'held') as events
    from rollouts where bot = ${key.bot}`.execute(db())
  assert.deepEqual(rows, [{ held: true, events: 1 }])
  assert.equal(await refusalOf(person, id), 'requested')
})

test('a refused decision may be asked for again, when the person has the role by then; refusals are audited', async () => {
  const { evidence, asks, name } = await scene()
  const person = await withRole(db(), 'U-later', 'reviewer', name)
  const id = await evidence()
  assert.equal((await asks(person, id)).kind, 'refused')
  await sql`update roles set role = 'approver' where person_id = ${person} and bot = ${name}`.execute(db())
  const answer = await asks(person, id)
  assert.equal(answer.kind, 'requested')
  await refuseDecision(db(), answer.decisionId, 'expired')
  await refuseDecision(db(), answer.decisionId, 'stale')
  const decision = await decisionById(db(), answer.decisionId)
  assert.deepEqual([decision?.state, decision?.refusal], ['refused', 'expired'])
  const { rows } =
    await sql`select 1 from audit where action = 'decision.refused' and subject = ${`${name}:2`}`.execute(db())
  assert.equal(rows.length, 2)
})

test('what is no hold or rejection of ours is refused, whoever made up its name', async () => {
  const { approver, asks, evidence } = await scene()
  const promotion = await asks(await approver(), await evidence())
  for (const id of [randomUUID(), 'made up', promotion.decisionId])
    assert.deepEqual(await recordHoldOrReject(db(), id), { kind: 'refused', reason: 'unknown-evidence' })
})

test('a decision that nobody handed on is given to the relay after a while, once an hour', async () => {
  const { approver, asks, evidence, name } = await scene()
  const { decisionId } = await asks(await approver(), await evidence())
  const given = async (olderThanMs: number) => {
    await recordOverdueDecisions(db(), { olderThanMs, limit: 100 })
    const rows = await db().selectFrom('inbound_events').select('business_key').where('bot', '=', name).execute()
    return rows.map(({ business_key: key }) => key?.includes(decisionId))
  }
  assert.deepEqual([await given(60_000), await given(0), await given(0)], [[], [true], [true]])
  await refuseDecision(db(), decisionId, 'stale')
  await sql`delete from inbound_events where bot = ${name}`.execute(db())
  assert.deepEqual(await given(0), [])
})
