import assert from 'node:assert/strict'
import { test } from 'node:test'
import { correctionDefaults } from '../../domain/correction.ts'
import { answered, cast, voteBy, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { firstBrokenAuditRow } from '../audit.ts'
import { type CountingRules, countVote } from './count-vote.ts'
import { deleteMessage } from '../messages/deletions.ts'

const db = useDatabase()

const rules: CountingRules = { rulesOf: () => correctionDefaults, learnsFrom: () => true }

/** A prediction "fedora", and people who say what it is. */
async function scene() {
  const made = await answered(db())
  const target = { kind: 'prediction', ...made.ref } as const
  const says = async (user: string, label?: string, receivedAt = new Date()) =>
    (await cast(db(), voteBy(user, { target, ...(label !== undefined && { label }) }), { receivedAt })).voteId
  const counts = async (user: string, label?: string) => countVote(db(), await says(user, label), rules)
  const row = () =>
    db().selectFrom('corrections').selectAll().where('message_id', '=', made.id).executeTakeFirstOrThrow()
  const verdicts = () =>
    db()
      .selectFrom('votes')
      .select(['label', 'verdict'])
      .where('message_id', '=', made.id)
      .orderBy('created_at')
      .execute()
  const audits = () =>
    db().selectFrom('audit').selectAll().where('subject', '=', made.prediction).orderBy('seq').execute()
  return { ...made, says, counts, row, verdicts, audits }
}

test('two people who agree settle it: the state, the provenance and one audit row are written together', async () => {
  const { counts, row, audits, ref } = await scene()
  const first = await counts('A1', 'no-fedora')
  assert.deepEqual([first.correction.state, first.votes, first.changed], ['open', 1, false])
  const second = await counts('A2', 'no-fedora')
  assert.deepEqual([second.correction.state, second.correction.decidedBy, second.changed], ['accepted', 'quorum', true])
  const { state, label, decided_at: decidedAt, provenance, revision } = await row()
  assert.deepEqual([state, label, revision], ['accepted', 'no-fedora', 2])
  assert(decidedAt)
  assert.equal(provenance['consent'], 'granted')
  assert.deepEqual(provenance['votes'], [first.vote.id, second.vote.id])
  assert.deepEqual(provenance['predictedBy'], { slot: 'main', version: 1, label: 'fedora' })
  const [audit, ...others] = await audits()
  assert.deepEqual([audit?.action, audit?.actor, others], ['correction.accepted', second.vote.personId, []])
  assert.equal(await firstBrokenAuditRow(db()), undefined)
  assert.equal(second.correction.position, ref.position)
})

test('a vote that is counted again changes nothing and is reported as before', async () => {
  const { says, counts, audits, row } = await scene()
  await counts('A3', 'no-fedora')
  const id = await says('A4', 'no-fedora')
  const once = await countVote(db(), id, rules)
  assert.deepEqual(await countVote(db(), id, rules), {
    ...once,
    vote: { ...once.vote, verdict: 'counted' },
  })
  assert.deepEqual([(await row()).revision, (await audits()).length], [2, 1])
})

test('two votes at once are counted one after the other', async () => {
  const { says, row, audits } = await scene()
  const ids = [await says('A5', 'no-fedora'), await says('A6', 'no-fedora')]
  const counted = await Promise.all([...ids, ...ids].map((id) => countVote(db(), id, rules)))
  assert.equal(counted.filter(({ changed }) => changed).length >= 1, true)
  assert.deepEqual([(await row()).state, (await row()).revision, (await audits()).length], ['accepted', 2, 1])
})

test('the last vote of a person counts, in whatever order they arrive', async () => {
  const { says, verdicts } = await scene()
  const early = await says('A7', 'no-fedora', new Date(Date.now() - 5_000))
  const late = await says('A7', 'fedora')
  assert.equal((await countVote(db(), late, rules)).verdict, 'counted')
  const counted = await countVote(db(), early, rules)
  assert.deepEqual([counted.verdict, counted.correction.state, counted.votes], ['superseded', 'open', 1])
  assert.deepEqual(await verdicts(), [
    { label: 'no-fedora', verdict: 'superseded' },
    { label: 'fedora', verdict: 'counted' },
  ])
})

test('a person who changes their mind takes the earlier vote back', async () => {
  const { counts } = await scene()
  await counts('A8', 'no-fedora')
  await counts('A9', 'fedora')
  const changed = await counts('A9', 'no-fedora')
  assert.deepEqual([changed.correction.state, changed.votes], ['accepted', 2])
  const reopened = await counts('A9')
  assert.deepEqual([reopened.correction.state, reopened.correction.label], ['open', undefined])
})

test('people who contradict each other make a conflict, which a reviewer settles; then it is too late for others', async () => {
  const { counts, row } = await scene()
  await withRole(db(), 'R1', 'reviewer')
  await counts('B1', 'no-fedora')
  const conflict = await counts('B2', 'fedora')
  assert.deepEqual([conflict.correction.state, conflict.changed], ['conflicted', true])
  const decided = await counts('R1', 'fedora')
  assert.deepEqual([decided.correction.state, decided.correction.decidedBy], ['confirmed', 'reviewer'])
  assert.equal((await counts('B1', 'no-fedora')).verdict, 'too-late')
  assert.equal((await row()).state, 'confirmed')
})

test('a role on another bot makes nobody a reviewer here, nor does a viewer settle anything', async () => {
  const { counts } = await scene()
  await withRole(db(), 'R2', 'reviewer', 'after-dark')
  await withRole(db(), 'R3', 'viewer')
  assert.equal((await counts('R2', 'no-fedora')).correction.state, 'open')
  assert.equal((await counts('R3', 'fedora')).correction.state, 'conflicted')
})

test('a reviewer has no limit of a day', async () => {
  await withRole(db(), 'R4', 'approver', '*')
  const scenes = await Promise.all(Array.from({ length: 6 }, scene))
  for (const { counts } of scenes) assert.equal((await counts('R4', 'no-fedora')).verdict, 'counted')
})

test('of six votes of a person at once, five count; one of those may still be changed', async () => {
  const scenes = await Promise.all(Array.from({ length: 6 }, scene))
  const ids = await Promise.all(scenes.map(({ says }) => says('C2', 'no-fedora')))
  const counted = await Promise.all(ids.map((id) => countVote(db(), id, rules)))
  const verdicts = counted.map(({ verdict }) => verdict).toSorted()
  assert.deepEqual(verdicts, [...Array.from({ length: 5 }, () => 'counted'), 'daily-limit'])
  const voted = counted.findIndex(({ verdict }) => verdict === 'counted')
  assert.equal((await scenes[voted]?.counts('C2', 'fedora'))?.verdict, 'counted')
})

test('yesterday is another day', async () => {
  const scenes = await Promise.all(Array.from({ length: 6 }, scene))
  const verdicts: string[] = []
  for (const { counts } of scenes) {
    await db()
      .updateTable('votes')
      .set({ counted_at: new Date(Date.now() - 25 * 60 * 60 * 1000) })
      .where('verdict', '=', 'counted')
      .execute()
    verdicts.push((await counts('C3', 'no-fedora')).verdict)
  }
  assert.deepEqual(new Set(verdicts), new Set(['counted']))
})

test('where nothing may be learned, what people settle is kept in quarantine', async () => {
  const { says } = await scene()
  const withheld: CountingRules = { ...rules, learnsFrom: () => false }
  await countVote(db(), await says('D1', 'no-fedora'), withheld)
  const { correction } = await countVote(db(), await says('D2', 'no-fedora'), withheld)
  assert.deepEqual([correction.state, correction.label], ['quarantined', 'no-fedora'])
})

test('a vote on a message that was taken back meanwhile is too late', async () => {
  const { says, message, row } = await scene()
  const id = await says('D3', 'no-fedora')
  await deleteMessage(db(), { bot: message.bot, channel: 'slack', businessKey: 'gone', of: message.businessKey })
  assert.equal((await countVote(db(), id, rules)).verdict, 'too-late')
  assert.equal((await row()).state, 'quarantined')
})

test('three people who cannot tell close it as undecided', async () => {
  const { counts, audits } = await scene()
  await counts('E1')
  await counts('E2')
  assert.equal((await counts('E3')).correction.state, 'undecided')
  assert.deepEqual(
    (await audits()).map(({ action }) => action),
    ['correction.undecided'],
  )
})

const day = 24 * 60 * 60 * 1000
/** Members of the workspace are strangers for a day, as people on X are. */
const wary: CountingRules = {
  ...rules,
  rulesOf: () => ({ ...correctionDefaults, knownForMs: { slack: day, x: day, http: 0 } }),
}

test('what strangers settle waits in quarantine, until somebody whom we know agrees', async () => {
  const { says, row } = await scene()
  await countVote(db(), await says('F1', 'no-fedora'), wary)
  const id = await says('F2', 'no-fedora')
  const { correction } = await countVote(db(), id, wary)
  assert.deepEqual([correction.state, correction.label, correction.heldBack], ['quarantined', 'no-fedora', 'new-here'])
  assert.equal((await countVote(db(), id, wary)).correction.heldBack, 'new-here', 'told alike when counted again')
  await says('F3', 'no-fedora')
  await db()
    .updateTable('people')
    .set({ created_at: new Date(Date.now() - day - 1_000) })
    .where('platform_user_id', '=', 'F3')
    .execute()
  const known = await countVote(db(), await says('F3', 'no-fedora'), wary)
  assert.deepEqual([known.correction.state, known.correction.heldBack], ['accepted', undefined])
  assert.equal((await row()).provenance['heldBack'], undefined)
})

test('a reviewer settles what strangers have said', async () => {
  const { says } = await scene()
  await countVote(db(), await says('F4', 'no-fedora'), wary)
  await countVote(db(), await says('F5', 'no-fedora'), wary)
  await withRole(db(), 'R5', 'reviewer')
  const { correction } = await countVote(db(), await says('R5', 'no-fedora'), wary)
  assert.deepEqual([correction.state, correction.decidedBy], ['accepted', 'reviewer'])
})

test('people who confirmed a sure answer and change their minds leave it to a reviewer', async () => {
  const { counts, id, audits } = await scene()
  await db().updateTable('choices').set({ confidence: 0.97 }).where('message_id', '=', id).execute()
  await counts('G1', 'fedora')
  assert.equal((await counts('G2', 'fedora')).correction.state, 'confirmed')
  const one = await counts('G1', 'no-fedora')
  assert.deepEqual([one.correction.state, one.correction.heldBack, one.changed], ['conflicted', undefined, true])
  const both = await counts('G2', 'no-fedora')
  assert.deepEqual(
    [both.correction.state, both.correction.heldBack, both.changed],
    ['conflicted', 'was-confirmed', true],
  )
  // They may go on changing their minds; the reviewers were asked.
  assert.equal((await counts('G2', 'fedora')).changed, false)
  assert.equal((await counts('G2', 'no-fedora')).changed, false)
  await withRole(db(), 'R6', 'reviewer')
  assert.equal((await counts('R6', 'no-fedora')).correction.state, 'accepted')
  assert.deepEqual(
    (await audits()).map(({ action }) => action),
    ['correction.confirmed', 'correction.conflicted', 'correction.accepted'],
  )
})

test('an answer that was confirmed and not sure is flipped by a quorum', async () => {
  const { counts } = await scene()
  for (const label of ['fedora', 'no-fedora']) for (const user of ['H1', 'H2']) await counts(user, label)
  assert.equal((await counts('H1', 'no-fedora')).correction.state, 'accepted')
})
