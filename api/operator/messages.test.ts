import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { correctionDefaults } from '../../domain/correction.ts'
import type { InboundRequest } from '../../domain/inbound.ts'
import { countVote } from '../../store/count-vote.ts'
import { claimEvents } from '../../store/inbound-events.ts'
import { acceptMessage, finishMessage } from '../../store/messages.ts'
import { acceptVote } from '../../store/votes.ts'
import { useDatabase } from '../../test/support/database.ts'
import { keepAnswer, keepMessage, keepReply } from '../../test/support/kept-messages.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { inject, asAdmin, signIn, restarted } = useOperatorApp(db)

interface Summary {
  readonly id: string
  readonly bot: string
  readonly outcome: string | null
  readonly text: string
}
interface Page {
  readonly messages: readonly Summary[]
  readonly next: string | null
}
const list = async (query: string) => (await asAdmin({ url: `/api/messages?${query}` })).json<Page>()
const ids = ({ messages }: Pick<Page, 'messages'>) => messages.map(({ id }) => id)
const whole = async (id: string) => (await asAdmin({ url: `/api/messages/${id}` })).json<Record<string, unknown>>()
const found = async (q: string) =>
  ids((await asAdmin({ url: `/api/find?${new URLSearchParams({ q }).toString()}` })).json<Page>())

/** The request that the latest event holds, and what the relay does with it first. */
async function relayed(): Promise<InboundRequest> {
  const [event] = await claimEvents(db(), { limit: 1, leaseMs: 60_000 })
  assert.ok(event, 'an event waits')
  return event.request
}

test('pages follow each other without a gap, also within one microsecond', async () => {
  const text = 'page by page'
  const receivedAt = new Date('2026-01-02T03:04:05.678Z')
  const kept: string[] = []
  for (let n = 0; n < 7; n += 1) kept.push(await keepMessage(db(), { text }, { receivedAt }))
  await sql`update messages set received_at = received_at + interval '123 microseconds' where id = any(${kept.slice(0, 4)})`.execute(
    db(),
  )
  const seen: string[] = []
  let page = await list(`q=page&limit=2`)
  for (;;) {
    seen.push(...ids(page))
    if (page.next === null) break
    page = await list(`q=page&limit=2&before=${encodeURIComponent(page.next)}`)
  }
  assert.deepEqual(seen.toSorted(), kept.toSorted())
})

test('a list is filtered by bot, channel, outcome, correction, words and time', async () => {
  const failed = await keepMessage(db(), { text: '100 % felt_hat', bot: 'after-dark', businessKey: 'after-dark.f1' })
  await finishMessage(db(), failed, { outcome: 'failed', reason: 'token_revoked' })
  const open = await keepMessage(db(), { text: '1000 feltxhat', bot: 'after-dark', businessKey: 'after-dark.o1' })
  assert.deepEqual(ids(await list('bot=after-dark&outcome=failed')), [failed])
  assert.deepEqual(ids(await list('bot=after-dark&outcome=open')), [open])
  assert.deepEqual(ids(await list(`q=${encodeURIComponent('100 % felt_')}`)), [failed])
  assert.deepEqual(ids(await list('bot=after-dark&channel=slack')), [])
  assert.deepEqual(ids(await list('bot=after-dark&since=90s')).toSorted(), [failed, open].toSorted())
  assert.deepEqual(ids(await list('bot=after-dark&before=2020-01-01T00:00:00Z')), [])
  assert.deepEqual(ids(await list('bot=after-dark&correction=open')), [])
  for (const wrong of ['limit=0', 'since=soon', 'before=x', 'outcome=lost', 'correction=maybe'])
    assert.equal((await asAdmin({ url: `/api/messages?${wrong}` })).statusCode, 400, wrong)
})

test('one message is told with its scores, its choice, its reply and how many votes settle it', async () => {
  const id = await keepMessage(db(), { text: 'x'.repeat(200) })
  await keepAnswer(db(), id)
  await keepReply(db(), id, { platformId: '1997000000000000123' })
  await sql`insert into corrections (message_id, bot) values (${id}, 'fedora-finder')`.execute(db())
  const message = await whole(id)
  assert.equal(message['text'], 'x'.repeat(200))
  const [input] = message['inputs'] as readonly Record<string, unknown>[]
  const { choice, scores, correction, ...rest } = input ?? {}
  assert.deepEqual(rest, { position: 0, prediction: id, picture: null })
  assert.equal((choice as { label: string }).label, 'fedora')
  assert.deepEqual(
    (scores as { evalMs: number }[]).map(({ evalMs }) => evalMs),
    [12],
  )
  assert.deepEqual(correction, { state: 'open', label: null, decidedBy: null, votes: [], needed: 2 })
  const [reply] = message['replies'] as readonly { platformId: string; state: string }[]
  assert.deepEqual([reply?.state, reply?.platformId], ['sent', '1997000000000000123'])
  assert.match(String(message['workflowUrl']), /namespaces\/default\/workflows\/answer%3Afedora-finder%3Ax%3A\d+$/)
})

test('a message is found by its id, its prediction, its workflow, its post, our reply, or a link to either', async () => {
  const id = await keepMessage(db(), {
    ...{ channel: 'slack', businessKey: 'fedora-finder.T1.C1.1700000000.000100', authorId: 'U1' },
    address: { kind: 'slack-thread', team: 'T1', channelId: 'C1', threadTs: '1699999999.000200' },
  })
  await keepReply(db(), id, { platformId: '1700000001.000300' })
  const names = [
    ...[id, `${id}_1`, `correct:fedora-finder:${id}`, 'answer:fedora-finder:slack:T1.C1.1700000000.000100'],
    ...['1700000000.000100', '1700000001.000300', 'https://sim.slack.example/archives/C1/p1700000001000300'],
    'https://sim.slack.example/archives/C1/p1700000000000100?thread_ts=1699999999.000200&cid=C1',
  ]
  for (const name of names) assert.deepEqual(await found(name), [id], name)
  const post = await keepMessage(db(), { businessKey: 'fedora-finder.1997000000000000555' })
  assert.deepEqual(await found('https://x.com/somebody/status/1997000000000000555?s=20'), [post])
  for (const nothing of ['%', 'nobody', '1234567890', "'; drop table messages"])
    assert.deepEqual(await found(nothing), [], nothing)
})

test('a question over HTTP is there at once, and is the same one when its message is made', async () => {
  const asked = {
    bot: 'fedora-finder',
    text: 'what is this?',
    pictures: [{ base64: Buffer.from('picture').toString('base64'), name: 'hat.png' }],
  }
  const answer = await asAdmin({ method: 'POST', url: '/api/messages', payload: asked })
  assert.equal(answer.statusCode, 202)
  const { id, workflowId } = answer.json<{ id: string; workflowId: string }>()
  const waiting = await whole(id)
  const { outcome, inputs, replies, pictures, text } = waiting
  assert.deepEqual([waiting['id'], waiting['workflowId']], [id, workflowId])
  assert.deepEqual(
    { outcome, inputs, replies, pictures, text },
    { outcome: null, inputs: [], replies: [], pictures: 1, text: asked.text },
  )
  const request = await relayed()
  assert.ok(request.kind === 'message')
  assert.match(request.message.pictures[0]?.id ?? '', /^[0-9a-f]{64}$/)
  const accepted = await acceptMessage(db(), request.message, {
    receivedAt: new Date(),
    newId: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a99',
  })
  assert.equal(accepted.workflowId, workflowId)
  await finishMessage(db(), accepted.id, { outcome: 'answered' })
  assert.equal((await whole(id))['outcome'], 'answered')
  const { person } = (await asAdmin({ url: '/api/session' })).json<{ person: { id: string } }>()
  const author = await sql<{ person_id: string }>`select person_id from messages where id = ${accepted.id}`.execute(
    db(),
  )
  assert.equal(author.rows[0]?.person_id, person.id, 'whoever asks is the person who is signed in')
  assert.equal(
    (await asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: 'nobody', text: 'x' } })).statusCode,
    404,
  )
  assert.equal(
    (await asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: asked.bot, link: 'file:///etc/passwd' } }))
      .statusCode,
    400,
  )
})

test('a vote is that of the person who is signed in, with the roles that they have', async () => {
  const id = await keepMessage(db())
  await keepAnswer(db(), id)
  const { id: reviewer, cookie } = await signIn({ 'fedora-finder': 'reviewer' })
  const vote = (payload: object) =>
    inject({ method: 'POST', url: '/api/corrections', headers: { cookie, 'x-understudy': '1' }, payload })
  assert.equal((await vote({ prediction: id, label: 'no-fedora' })).statusCode, 202)
  const request = await relayed()
  assert.ok(request.kind === 'vote')
  assert.equal(request.vote.via, 'page')
  const accepted = await acceptVote(db(), request.vote, {
    newId: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a98',
    receivedAt: new Date(),
  })
  assert.ok(accepted.kind === 'vote')
  await countVote(db(), accepted.voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  const { corrections } = (await asAdmin({ url: '/api/corrections?state=accepted' })).json<{
    corrections: readonly Record<string, unknown>[]
  }>()
  assert.deepEqual(
    corrections.map(({ prediction, label, predicted, decidedBy, votes }) => ({
      prediction,
      label,
      predicted,
      decidedBy,
      votes,
    })),
    [{ prediction: id, label: 'no-fedora', predicted: 'fedora', decidedBy: 'reviewer', votes: 1 }],
  )
  const [input] = (await whole(id))['inputs'] as readonly { correction: { votes: readonly { person: string }[] } }[]
  assert.deepEqual(
    input?.correction.votes.map(({ person }) => person),
    [reviewer],
  )
  assert.equal((await vote({ prediction: id, label: 'bowler' })).statusCode, 422)
  assert.equal((await vote({ prediction: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a97', label: null })).statusCode, 404)
  assert.equal((await vote({ prediction: 'no id', label: null })).statusCode, 404)
})

test('a bot that a person has no role with is not shown, found, corrected or tried again', async () => {
  const id = await keepMessage(db(), { text: 'not for everybody' })
  await keepAnswer(db(), id)
  const { cookie } = await signIn({ 'after-dark': 'admin' })
  const headers = { cookie, 'x-understudy': '1' }
  const look = (url: string) => inject({ url, headers })
  assert.equal((await look(`/api/messages/${id}`)).statusCode, 404)
  assert.deepEqual(ids((await look('/api/messages?q=not%20for')).json<Page>()), [])
  assert.deepEqual(ids((await look(`/api/find?q=${id}`)).json<Page>()), [])
  const post = (url: string, payload: object) => inject({ method: 'POST', url, headers, payload })
  assert.equal((await post('/api/corrections', { prediction: id, label: null })).statusCode, 403)
  assert.equal((await post(`/api/messages/${id}/retry`, {})).statusCode, 403)
  const bulk = await post('/api/messages/retry', { outcome: 'open', since: '1h' })
  assert.ok(!bulk.json<{ ids: string[] }>().ids.includes(id))
})

test('what failed and was not told is tried again, with an audit row; what was answered is not', async () => {
  const refused = await keepMessage(db(), { text: 'again' })
  await keepReply(db(), refused, { failure: 'token_revoked' })
  await finishMessage(db(), refused, { outcome: 'failed', reason: 'token_revoked' })
  const told = await keepMessage(db(), { text: 'again' })
  await keepReply(db(), told, { platformId: '1997000000000000777' })
  await finishMessage(db(), told, { outcome: 'answered' })
  const retry = (id: string) => asAdmin({ method: 'POST', url: `/api/messages/${id}/retry`, payload: {} })
  assert.equal((await retry(told)).statusCode, 409)
  const again = await retry(refused)
  assert.deepEqual([again.statusCode, again.json<Summary>().id], [200, refused])
  assert.deepEqual(restarted.slice(-1), [refused])
  assert.equal((await whole(refused))['outcome'], null)
  const audit = await sql<{
    subject: string
  }>`select subject from audit where action = 'message.retried' and subject in (${refused}, ${told})`.execute(db())
  assert.deepEqual(
    audit.rows.map(({ subject }) => subject),
    [refused],
  )
  await finishMessage(db(), refused, { outcome: 'failed', reason: 'token_revoked' })
  const all = await asAdmin({ method: 'POST', url: '/api/messages/retry', payload: { outcome: 'failed', since: '2h' } })
  assert.ok(all.json<{ ids: readonly string[] }>().ids.includes(refused))
})

test('a paused bot keeps what arrives; after the pause it expires unless the operator says answer', async () => {
  const post = (url: string, payload: object = {}) => asAdmin({ method: 'POST', url: `/api/bots/${url}`, payload })
  const ask = () => asAdmin({ method: 'POST', url: '/api/messages', payload: { bot: 'after-dark', text: 'x' } })
  const isPaused = async () => {
    const { bots } = (await asAdmin({ url: '/api/bots' })).json<{
      bots: readonly { name: string; paused: { by: string } | null }[]
    }>()
    return bots.find(({ name }) => name === 'after-dark')?.paused?.by
  }
  for (const answerAll of [false, true]) {
    assert.equal((await post('after-dark/pause')).statusCode, 200)
    assert.equal(await isPaused(), 'local-admin')
    await ask()
    assert.deepEqual(await claimEvents(db(), { limit: 10, leaseMs: 1_000 }), [])
    assert.equal((await post('after-dark/resume', { answerAll })).json<{ waited: number }>().waited, 1)
    const [event] = await claimEvents(db(), { limit: 10, leaseMs: 60_000 })
    assert.equal(event?.paused, !answerAll)
    assert.equal(await isPaused(), undefined)
    await sql`update inbound_events set started_at = now()`.execute(db())
  }
  assert.equal((await post('nobody/pause')).statusCode, 404)
})

test('the figures of today leave load tests out', async () => {
  const today = async () => {
    const { bots } = (await asAdmin({ url: '/api/bots' })).json<{
      bots: readonly { name: string; today: { messages: number; failed: number } }[]
    }>()
    return bots.find(({ name }) => name === 'after-dark')?.today
  }
  const before = await today()
  const made = await keepMessage(db(), { bot: 'after-dark', businessKey: 'after-dark.s1', synthetic: true })
  await finishMessage(db(), made, { outcome: 'failed' })
  assert.deepEqual(await today(), before)
  await keepMessage(db(), { bot: 'after-dark', businessKey: 'after-dark.r1' })
  assert.equal((await today())?.messages, (before?.messages ?? 0) + 1)
})

test('a picture that nobody may see is not there, and its name is checked', async () => {
  assert.equal((await asAdmin({ url: `/api/pictures/${'0'.repeat(64)}` })).statusCode, 404)
  assert.equal((await asAdmin({ url: '/api/pictures/..%2f..%2fetc' })).statusCode, 400)
})
