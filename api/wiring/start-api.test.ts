import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { blockOf } from '../../adapters/slack/forms.ts'
import { loadConfig } from '../../infra/config.ts'
import { openDatabase, UnsafeDatabase } from '../../store/db.ts'
import { ensureLocalAdmin } from '../../store/people/people.ts'
import { addLabel } from '../../store/versions/labels.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { openDatabaseLine } from '../../test/support/database-line.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { eventually } from '../../test/support/platforms/platform.ts'
import { families } from '../../models/families/index.ts'
import { loadBots } from '../../workers/bots/bots.ts'
import { startApi } from './start-api.ts'

const database = await createTestDatabase()
const line = await openDatabaseLine(database.url, { isCut: true })
const db = openDatabase(database.url, { poolSize: 1 })
const home = await temporaryFolder('start-api-test')
const releases: (() => unknown)[] = []
after(async () => {
  for (const release of releases.reverse()) await release()
  await db.destroy()
  await line.close()
  await database.drop()
})

const bot = 'fedora-finder'
const adminToken = 'the-token-of-this-machine'
const secrets = { slack: 'the-signing-secret', x: 'the-consumer-secret' } as const

/** The API as its process starts it; `failed` resolves with what would end the process. */
function start(databaseUrl: string) {
  const stopping = new AbortController()
  releases.push(() => stopping.abort())
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<unknown>((resolve) => (fail = resolve))
  const config = loadConfig({
    ...{ DATABASE_URL: databaseUrl, UNDERSTUDY_HOME: home, PORT: '0', LOCAL_ADMIN_TOKEN: adminToken },
    ...{ SLACK_API_URL: 'http://127.0.0.1:9', SLACK_SIGNING_SECRET: secrets.slack, SLACK_BOT_TOKEN: 'xoxb-test' },
    ...{ X_API_URL: 'http://127.0.0.1:9', X_CONSUMER_KEY: 'test', X_CONSUMER_SECRET: secrets.x },
    ...{ X_ACCESS_TOKEN: '1-test', X_ACCESS_TOKEN_SECRET: 'test' },
  })
  const onRelease = (release: () => unknown) => void releases.push(release)
  const said: string[] = []
  const log = pino({}, { write: (text: string) => void said.push((JSON.parse(text) as { readonly msg: string }).msg) })
  return { said, failed, started: startApi({ config, log, onRelease, stopping: stopping.signal, fail }, families) }
}

function postSlack(url: string, kind: string, body: string) {
  const timestamp = `${Math.floor(Date.now() / 1000)}`
  const signature = createHmac('sha256', secrets.slack).update(`v0:${timestamp}:${body}`).digest('hex')
  const type = kind === 'events' ? 'application/json' : 'application/x-www-form-urlencoded'
  const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` }
  return fetch(`${url}/slack/${bot}/${kind}`, { method: 'POST', body, headers: { ...headers, 'content-type': type } })
}

let events = 0
const mention = () => {
  events += 1
  const ts = `1700000000.${String(events).padStart(6, '0')}`
  return JSON.stringify({
    ...{ type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: `Ev${events}`, event_time: 1_700_000_000 },
    authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
    event: { type: 'app_mention', user: 'U1', text: '<@UBOT> what is this?', ts, channel: 'C1', event_ts: ts },
  })
}
const who = { team_id: 'T1', channel_id: 'C1', user_id: 'U1', trigger_id: '1.2' }
const link = 'https://example.slack.com/archives/C1/p1700000000000100'
const command = new URLSearchParams({ ...who, command: '/fix', text: `${link} beret` }).toString()
/** A vote for a label that somebody has added: a door that does not know it yet would say that there is no such label. */
const click = new URLSearchParams({
  payload: JSON.stringify({
    ...{ type: 'block_actions', user: { id: 'U1', team_id: 'T1' }, team: { id: 'T1' }, trigger_id: '1.3' },
    ...{ channel: { id: 'C1' }, message: { ts: '1700000000.000100' } },
    actions: [
      { action_id: 'a', block_id: blockOf('buttons', randomUUID()), value: 'beret', action_ts: '1700000001.000100' },
    ],
  }),
}).toString()

function postX(url: string) {
  const body = JSON.stringify({ data: { event_uuid: '-5', event_type: 'weather.changed', payload: {} } })
  const signature = `sha256=${createHmac('sha256', secrets.x).update(body).digest('base64')}`
  const headers = { 'content-type': 'application/json', 'x-twitter-webhooks-signature': signature }
  return fetch(`${url}/x/${bot}/webhook`, { method: 'POST', body, headers })
}

const ask = (url: string, path: string) =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${adminToken}` }, signal: AbortSignal.timeout(20_000) })

const rows = async () => {
  const { count } = await db
    .selectFrom('inbound_events')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** What every door and the operator API say while the database cannot be reached. */
async function assertDown(url: string): Promise<void> {
  assert.equal((await ask(url, '/health/live')).status, 200)
  const ready = await ask(url, '/health/ready')
  assert.deepEqual([ready.status, await ready.json()], [503, { status: 'down', parts: { database: 'down' } }])
  for (const refused of [await postSlack(url, 'events', mention()), await postX(url)])
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '5'])
  // Neither a command nor a click is delivered again: the person is told to try again.
  for (const told of [await postSlack(url, 'commands', command), await postSlack(url, 'interactivity', click)]) {
    assert.equal(told.status, 200)
    assert.match(((await told.json()) as { readonly text: string }).text, /could not accept this.*try again/)
  }
  const problem = await ask(url, '/api/bots')
  assert.deepEqual(
    [problem.status, problem.headers.get('content-type'), problem.headers.get('retry-after')],
    [503, 'application/problem+json; charset=utf-8', '5'],
  )
  assert.equal(((await problem.json()) as { readonly title: string }).title, 'The database does not answer')
}

const labelsOf = async (url: string) => {
  const { bots } = (await (await ask(url, '/api/bots')).json()) as {
    readonly bots: readonly { readonly name: string; readonly labels: readonly { readonly id: string }[] }[]
  }
  return bots.find(({ name }) => name === bot)?.labels.map(({ id }) => id) ?? []
}

test('without a database the API starts and says so; when it comes, everything works without another start', async () => {
  const found = (await loadBots(families)).find(({ name }) => name === bot) ?? assert.fail('the bot is there')
  const label = { id: 'beret', words: 'a beret' }
  assert.equal(await addLabel(db, { bot: found, label, actor: await ensureLocalAdmin(db) }), undefined)
  const { started } = start(line.url)
  const { url } = await started
  await assertDown(url)
  assert.equal(await rows(), 0)

  line.mend()
  // The very first request may find it, before anything has looked for it.
  assert.equal((await postSlack(url, 'events', mention())).status, 200)
  for (const [kind, body] of [
    ['commands', command],
    ['interactivity', click],
  ] as const)
    assert.equal(await (await postSlack(url, kind, body)).text(), '')
  assert.equal(await rows(), 3)
  assert.equal((await ask(url, '/health/ready')).status, 200)
  assert.ok((await labelsOf(url)).includes('beret'))

  line.cut()
  await assertDown(url)
  line.mend()
  assert.equal((await postSlack(url, 'events', mention())).status, 200)
  assert.equal(await rows(), 4)
  const cap = { id: 'cap', words: 'a cap' }
  assert.equal(await addLabel(db, { bot: found, label: cap, actor: await ensureLocalAdmin(db) }), undefined)
  await eventually(async () => (await labelsOf(url)).includes('cap') || undefined, {
    timeoutMs: 30_000,
    what: 'a label that is added after the outage',
  })
})

test('an API that nobody asks anything finds the database by itself, and says so', async () => {
  line.cut()
  const { started, said } = start(line.url)
  const { url } = await started
  const hear = (text: string) =>
    eventually(() => Promise.resolve(said.includes(text) || undefined), { timeoutMs: 30_000, what: text })
  await hear('PostgreSQL does not answer; waiting for it')
  line.mend()
  await hear('PostgreSQL answers now')
  assert.ok((await labelsOf(url)).includes('beret'))
})

test('a wrong password and a database that could lose what it acknowledged fail at once', async () => {
  line.mend()
  const wrong = new URL(line.url)
  wrong.password = 'wrong'
  await assert.rejects(start(wrong.href).started, { code: '28P01' })
  await assert.rejects(start(`${line.url}?options=-c%20synchronous_commit%3Doff`).started, UnsafeDatabase)
})

test('a database that comes later and could lose what it acknowledged ends the process, and takes nothing before that', async () => {
  line.cut()
  const { started, failed } = start(`${line.url}?options=-c%20synchronous_commit%3Doff`)
  const { url } = await started
  const before = await rows()
  line.mend()
  assert.equal((await postSlack(url, 'events', mention())).status, 503)
  assert.ok((await failed) instanceof UnsafeDatabase)
  assert.equal(await rows(), before)
})
