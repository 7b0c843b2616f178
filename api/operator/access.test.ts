import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { roles } from '../../domain/people.ts'
import { firstBrokenAuditRow } from '../../store/audit.ts'
import { personOf } from '../../store/messages/messages.ts'
import { changeRole, ensureLocalAdmin } from '../../store/people/people.ts'
import { createSignInLink } from '../../store/people/sessions.ts'
import { useDatabase } from '../../test/support/database.ts'
import { adminToken, useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { inject, asAdmin, signIn } = useOperatorApp(db)

const someone = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a01'
const fromPage = { 'x-understudy': '1' }

/** Every route with the lowest role that may use it, and whether the role has to hold for every bot. */
const table = [
  ['GET', '/api/session', 'viewer'],
  ['GET', '/api/bots', 'viewer'],
  ['GET', '/api/messages', 'viewer'],
  ['GET', `/api/messages/${someone}`, 'viewer'],
  ['GET', '/api/find?q=x', 'viewer'],
  ['GET', '/api/corrections', 'viewer'],
  ['GET', `/api/pictures/${'0'.repeat(64)}`, 'viewer'],
  ['GET', '/api/doctor', 'viewer', 'everywhere'],
  ['POST', '/api/messages', 'viewer'],
  ['POST', '/api/corrections', 'viewer'],
  ['POST', '/api/bots/fedora-finder/pause', 'approver'],
  ['POST', '/api/bots/fedora-finder/resume', 'approver'],
  ['POST', `/api/messages/${someone}/retry`, 'approver'],
  ['POST', '/api/messages/retry', 'approver'],
  ['GET', '/api/people', 'admin', 'everywhere'],
  ['PUT', `/api/people/${someone}/roles`, 'admin'],
  ['POST', '/api/sign-in-links', 'admin', 'everywhere'],
] as const

const bodies: Readonly<Record<string, object>> = {
  'POST /api/messages': { bot: 'fedora-finder', text: 'hello' },
  'POST /api/corrections': { prediction: someone, label: null },
  'POST /api/messages/retry': { outcome: 'failed', since: '2h' },
  [`PUT /api/people/${someone}/roles`]: { bot: 'fedora-finder', role: null },
}
const requestOf = (method: 'GET' | 'POST' | 'PUT', url: string) => {
  const payload = bodies[`${method} ${url}`]
  return { method, url, ...(payload && { payload }) }
}

test('nobody gets in without a session or the token', async () => {
  for (const [method, url] of table) {
    const answer = await inject(requestOf(method, url))
    assert.equal(answer.statusCode, 401, `${method} ${url}`)
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    for (const authorization of ['Bearer wrong-token-wrong', `Bearer ${adminToken}x`, `Basic ${adminToken}`, 'Bearer'])
      assert.equal((await inject({ ...requestOf(method, url), headers: { authorization } })).statusCode, 401)
  }
})

test('each role may do what those before it may, and no more', async () => {
  for (const held of roles) {
    const { cookie } = await signIn({ '*': held })
    for (const [method, url, needed] of table) {
      const answer = await inject({ ...requestOf(method, url), headers: { cookie, ...fromPage } })
      const may = roles.indexOf(held) >= roles.indexOf(needed)
      assert.equal(answer.statusCode === 403, !may, `${held}: ${method} ${url} said ${answer.statusCode}`)
      assert.notEqual(answer.statusCode, 500, `${held}: ${method} ${url}`)
    }
  }
})

test('a role with one bot is none with another, nor with the whole installation', async () => {
  const { cookie } = await signIn({ 'after-dark': 'admin' })
  const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
    inject({ method, url, headers: { cookie, ...fromPage }, ...(payload && { payload }) })
  assert.equal((await ask('POST', '/api/bots/after-dark/pause')).statusCode, 200)
  assert.equal((await ask('POST', '/api/bots/after-dark/resume')).statusCode, 200)
  assert.equal((await ask('POST', '/api/bots/fedora-finder/pause')).statusCode, 403)
  assert.equal((await ask('POST', '/api/messages', { bot: 'fedora-finder', text: 'x' })).statusCode, 403)
  for (const [method, url, , everywhere] of table)
    if (everywhere) assert.equal((await ask(method, url)).statusCode, 403, url)
  const { id } = await signIn()
  const give = (bot: string) => ask('PUT', `/api/people/${id}/roles`, { bot, role: 'viewer' })
  assert.deepEqual([(await give('after-dark')).statusCode, (await give('*')).statusCode], [204, 403])
  const { bots } = (await ask('GET', '/api/bots')).json<{ bots: readonly { name: string }[] }>()
  assert.deepEqual(
    bots.map(({ name }) => name),
    ['after-dark'],
  )
})

test('whoever has no role yet sees nothing', async () => {
  const { cookie } = await signIn()
  assert.equal((await inject({ url: '/api/bots', headers: { cookie } })).statusCode, 403)
})

test('a change that comes with a cookie needs the header that another site cannot set', async () => {
  const { cookie } = await signIn({ '*': 'admin' })
  const pause = (headers: object) =>
    inject({ method: 'POST', url: '/api/bots/after-dark/pause', headers: { cookie, ...headers } })
  assert.equal((await pause({})).statusCode, 403)
  assert.equal((await pause({ 'x-understudy': '0' })).statusCode, 403)
  assert.equal((await pause(fromPage)).statusCode, 200)
  assert.equal((await asAdmin({ method: 'POST', url: '/api/bots/after-dark/resume' })).statusCode, 200)
})

test('the body of whoever is not signed in is not read', async () => {
  const answer = await inject({
    method: 'POST',
    url: '/api/messages',
    headers: { 'content-type': 'application/json' },
    payload: '{"bot": not even JSON',
  })
  assert.equal(answer.statusCode, 401)
})

test('a link signs in once, and its session ends when the person leaves', async () => {
  const made = (await asAdmin({ method: 'POST', url: '/api/sign-in-links', payload: {} })).json<{ url: string }>()
  const { pathname, search } = new URL(made.url)
  const first = await inject({ url: pathname + search })
  assert.deepEqual([first.statusCode, first.headers.location], [302, '/'])
  const [cookie] = first.cookies
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/'])
  const headers = { cookie: `understudy_session=${cookie?.value ?? ''}`, ...fromPage }
  const session = (await inject({ url: '/api/session', headers })).json<object>()
  assert.deepEqual(session, {
    person: { id: await ensureLocalAdmin(db()), name: 'local-admin' },
    roles: { '*': 'admin' },
  })
  assert.equal((await inject({ url: pathname + search })).statusCode, 401, 'the link is used up')
  assert.equal((await inject({ method: 'DELETE', url: '/api/session', headers })).statusCode, 204)
  assert.equal((await inject({ url: '/api/session', headers })).statusCode, 401)
})

test('of two who open a link at once, one gets in', async () => {
  const token = await createSignInLink(db(), await ensureLocalAdmin(db()))
  const both = await Promise.all([1, 2].map(() => inject({ url: `/sign-in?token=${token}` })))
  assert.deepEqual(both.map(({ statusCode }) => statusCode).toSorted(), [302, 401])
})

test('an old link and an old session open nothing, and the database holds no token', async () => {
  const token = await createSignInLink(db(), await ensureLocalAdmin(db()))
  const { cookie } = await signIn({ '*': 'viewer' })
  const kept = await sql<{ row: string }>`
    select row_to_json(t)::text as row from (select token_sha256 from sign_in_links union select token_sha256 from sessions) t`.execute(
    db(),
  )
  for (const { row } of kept.rows)
    assert.ok(!row.includes(token) && !row.includes(cookie.slice('understudy_session='.length)))
  await sql`update sign_in_links set expires_at = now() - interval '1 second'`.execute(db())
  await sql`update sessions set expires_at = now() - interval '1 second'`.execute(db())
  assert.equal((await inject({ url: `/sign-in?token=${token}` })).statusCode, 401)
  assert.equal((await inject({ url: '/api/session', headers: { cookie } })).statusCode, 401)
})

test('an admin gives somebody else a link, who then is themselves; it is in the audit', async () => {
  const who = { channel: 'slack', workspace: 'T1', platformUserId: 'U0APPROVER' } as const
  const personId = await personOf(db(), who)
  const ask = (payload: object) => asAdmin({ method: 'POST', url: '/api/sign-in-links', payload })
  const found = await asAdmin({ url: '/api/people?platformId=U0APPROVER' })
  const { people } = found.json<{ people: readonly { id: string }[] }>()
  assert.deepEqual(
    people.map(({ id }) => id),
    [personId],
  )
  const byId = await asAdmin({ url: `/api/people?id=${personId}` })
  assert.deepEqual(byId.json(), found.json())
  assert.ok(!found.body.includes('U0APPROVER'), 'the platform’s id stays in the database')
  const { pathname, search } = new URL((await ask({ personId })).json<{ url: string }>().url)
  const [cookie] = (await inject({ url: pathname + search })).cookies
  await changeRole(db(), { personId, bot: 'after-dark', role: 'approver', actor: 'test' })
  const headers = { cookie: `understudy_session=${cookie?.value ?? ''}` }
  const session = (await inject({ url: '/api/session', headers })).json<object>()
  assert.deepEqual(session, { person: { id: personId, name: personId }, roles: { 'after-dark': 'approver' } })
  const given = await sql`select actor, subject from audit where action = 'sign-in.given'`.execute(db())
  assert.deepEqual(given.rows, [{ actor: await ensureLocalAdmin(db()), subject: personId }])
  assert.equal((await ask({ personId: someone })).statusCode, 404)
  assert.equal((await ask({ personId: 'U0APPROVER' })).statusCode, 400)
})

test('a role is given and taken with an audit row, and holds from the next request on', async () => {
  const { id, cookie } = await signIn()
  const look = async () => (await inject({ url: '/api/bots', headers: { cookie } })).statusCode
  const give = async (role: string | null) =>
    (await asAdmin({ method: 'PUT', url: `/api/people/${id}/roles`, payload: { bot: 'after-dark', role } })).statusCode
  assert.deepEqual([await give('viewer'), await look(), await give(null), await look()], [204, 200, 204, 403])
  assert.equal(await firstBrokenAuditRow(db()), undefined)
  const { people } = (await asAdmin({ url: '/api/people' })).json<{ people: readonly { id: string }[] }>()
  assert.ok(people.some((person) => person.id === id))
  const unknown = { method: 'PUT', url: `/api/people/${someone}/roles`, payload: { bot: '*', role: 'viewer' } } as const
  assert.equal((await asAdmin(unknown)).statusCode, 404)
  assert.equal((await asAdmin({ ...unknown, payload: { bot: '*', role: 'king' } })).statusCode, 400)
})
