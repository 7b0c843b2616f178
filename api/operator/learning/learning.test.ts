import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { correctionDefaults } from '../../../domain/correction.ts'
import { countVote } from '../../../store/corrections/count-vote.ts'
import { claimEvents } from '../../../store/messages/inbound-events.ts'
import { waitingReviews } from '../../../store/corrections/waiting-reviews.ts'
import { acceptVote } from '../../../store/corrections/votes.ts'
import { testBot } from '../../../test/support/bots.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { keepAnswer, keepMessage } from '../../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../../test/support/operator-app.ts'
import { labelsInOrder } from './present.ts'

const db = useDatabase()
const { inject, asAdmin, signIn } = useOperatorApp(db)
const bot = 'fedora-finder'

const poster =
  (cookie: string) =>
  (url: string, payload: object = {}) =>
    inject({ method: 'POST', url, headers: { cookie, 'x-understudy': '1' }, payload })

/** Counts what the door has kept, as relay and worker do. */
async function countAll(): Promise<void> {
  for (const { request, receivedAt } of await claimEvents(db(), { limit: 50, leaseMs: 60_000 })) {
    assert.ok(request.kind === 'vote')
    const accepted = await acceptVote(db(), request.vote, { newId: randomUUID(), receivedAt })
    assert.ok(accepted.kind === 'vote')
    await countVote(db(), accepted.voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  }
}

async function acceptedCorrection(): Promise<string> {
  const id = await keepMessage(db(), { businessKey: `${bot}.${randomUUID()}` })
  await keepAnswer(db(), id)
  const { cookie } = await signIn({ [bot]: 'reviewer' })
  const accept = await poster(cookie)(`/api/corrections/${id}/decision`, { decision: 'accept', label: 'no-fedora' })
  assert.equal(accept.statusCode, 202, accept.body)
  await countAll()
  return id
}

const stateOf = async (id: string): Promise<unknown> =>
  (await db().selectFrom('corrections').select('state').where('message_id', '=', id).executeTakeFirst())?.state

test('a reviewer accepts with a vote, and revokes past the votes; the versions that learned from it are named', async () => {
  const id = await acceptedCorrection()
  assert.equal(await stateOf(id), 'accepted')
  const { rows } = await sql<{
    root: string
  }>`select dataset_root as root from versions where bot = ${bot} limit 1`.execute(db())
  const learned = rows[0]?.root
  if (learned !== undefined)
    await sql`insert into dataset_corrections (root, message_id, position, label, part)
              values (${learned}, ${id}, 0, 'no-fedora', 'train')`.execute(db())
  const { id: reviewer, cookie } = await signIn({ [bot]: 'reviewer' })
  const post = poster(cookie)
  const path = `/api/corrections/${id}/decision`
  assert.equal((await post(path, { decision: 'reject' })).statusCode, 409)
  const revoked = await post(path, { decision: 'revoke', reason: 'it was a joke' })
  const body = revoked.json<{ state: string; versions: readonly number[] }>()
  assert.equal(body.state, 'revoked', revoked.body)
  assert.equal(body.versions.length > 0, learned !== undefined)
  // Temporal was out: the relay hands on what follows.
  const [waiting, ...others] = await waitingReviews(db(), { olderThanMs: 0, limit: 10 })
  assert.deepEqual([waiting?.prediction, waiting?.revision, others], [id, 3, []])
  assert.equal((await post(path, { decision: 'revoke' })).statusCode, 409)
  const audit = await db()
    .selectFrom('audit')
    .select(['actor', 'details'])
    .where('action', '=', 'correction.revoked')
    .execute()
  assert.deepEqual(
    audit.map(({ actor }) => actor),
    [reviewer],
  )
  assert.doesNotMatch(JSON.stringify(audit), /joke/)
})

test('decisions on corrections are for reviewers of that bot, and need a label that the bot has', async () => {
  const id = await keepMessage(db(), { businessKey: `${bot}.${randomUUID()}` })
  await keepAnswer(db(), id)
  const path = `/api/corrections/${id}/decision`
  const other = poster((await signIn({ 'after-dark': 'reviewer' })).cookie)
  assert.equal((await other(path, { decision: 'accept', label: 'fedora' })).statusCode, 403)
  const post = poster((await signIn({ [bot]: 'reviewer' })).cookie)
  assert.equal((await post(path, { decision: 'accept' })).statusCode, 422)
  const reasoned = await post(path, { decision: 'accept', label: 'fedora', reason: 'it would be lost' })
  assert.equal(reasoned.statusCode, 400, reasoned.body)
  assert.equal((await post(path, { decision: 'accept', label: 'bowler' })).statusCode, 422)
  assert.equal((await post(path, { decision: 'revoke' })).statusCode, 404)
})

test('the list of corrections tells votes, input and datasets', async () => {
  const id = await acceptedCorrection()
  const { corrections } = (await asAdmin({ url: `/api/corrections?bot=${bot}` })).json<{
    corrections: readonly {
      prediction: string
      votesList: readonly { label: string }[]
      input: object
      confidence: number
    }[]
  }>()
  const found = corrections.find(({ prediction }) => prediction === id) ?? assert.fail('it is listed')
  assert.deepEqual(
    found.votesList.map(({ label }) => label),
    ['no-fedora'],
  )
  assert.equal(found.confidence, 0.87)
  assert.equal('kind' in found.input, true)
})

test('learning is told with Temporal down, and says what it waits for', async () => {
  const told = await asAdmin({ url: '/api/learning' })
  assert.equal(told.statusCode, 200, told.body)
  const { bots } = told.json<{
    bots: readonly { bot: string; wait: string; schedule: null; scheduleKnown: boolean; retrains: readonly object[] }[]
  }>()
  const own = bots.find((each) => each.bot === bot)
  assert.deepEqual([own?.schedule, own?.scheduleKnown, own?.retrains], [null, false, []])
  assert.match(own?.wait ?? '', /of 20 corrections/)
})

test('a Schedule is paused by admins only', async () => {
  const post = poster((await signIn({ [bot]: 'reviewer' })).cookie)
  assert.equal((await post(`/api/bots/${bot}/schedule`, { action: 'pause' })).statusCode, 403)
})

test('each label has the same place in every question, however the question was shuffled', () => {
  const own = ['blue', 'green', 'red'].map((id) => ({ id, words: `${id} words` }))
  const asked = (offered: readonly string[]) =>
    labelsInOrder(testBot({ labels: own }), offered).map(({ id, words }) => [id, words])
  const expected = own.map(({ id, words }) => [id, words])
  assert.deepEqual([asked(['red', 'blue', 'green']), asked(['green', 'red', 'blue'])], [expected, expected])
  assert.deepEqual(asked(['old', 'red', 'blue']), [
    ['blue', 'blue words'],
    ['red', 'red words'],
    ['old', 'old'],
  ])
})

test('blind questions are answered once by each reviewer, and taken back', async () => {
  const messageId = await keepMessage(db(), { businessKey: `${bot}.${randomUUID()}`, text: 'what is it?' })
  const { rows } = await sql<{ id: string }>`
    insert into blind_questions (bot, message_id, position, input_sha256, reason, version, labels)
    values (${bot}, ${messageId}, 0, ${randomUUID()}, 'random', null, '["no-fedora","fedora"]') returning id`.execute(
    db(),
  )
  const id = rows[0]?.id ?? ''
  const { cookie } = await signIn({ [bot]: 'reviewer' })
  const open = async () =>
    (await inject({ url: `/api/labels?bot=${bot}`, headers: { cookie } })).json<{
      questions: readonly { id: string; labels: readonly { id: string; words: string }[]; input: object }[]
      progress: object
    }>()
  const before = await open()
  assert.deepEqual(
    before.questions.map(({ labels }) => labels.map(({ words }) => words)),
    [['fedora', 'no fedora']],
  )
  assert.doesNotMatch(JSON.stringify(before), /champion|challenger/)
  const post = poster(cookie)
  assert.equal((await post(`/api/labels/${id}`, { label: 'bowler' })).statusCode, 422)
  assert.equal((await post(`/api/labels/${id}`, { label: 'fedora' })).json<{ state: string }>().state, 'closed')
  assert.deepEqual((await open()).progress, { open: 0, labelledToday: 1, byMe: 1 })
  const undone = await inject({ method: 'DELETE', url: `/api/labels/${id}`, headers: { cookie, 'x-understudy': '1' } })
  assert.equal(undone.json<{ state: string }>().state, 'open')
  const viewer = (await signIn({ [bot]: 'viewer' })).cookie
  assert.equal((await inject({ url: `/api/labels?bot=${bot}`, headers: { cookie: viewer } })).statusCode, 403)
  assert.equal((await post(`/api/labels/${randomUUID()}`, { label: null })).statusCode, 404)
})
