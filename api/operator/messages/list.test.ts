import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { finishMessage } from '../../../store/messages/messages.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { keepAnswer, keepMessage, keepReply } from '../../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../../test/support/operator-app.ts'

const db = useDatabase()
const { inject, asAdmin, signIn } = useOperatorApp(db)

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
