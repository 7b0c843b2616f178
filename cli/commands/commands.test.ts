import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import type { BotState, Check, paused, resumed } from '../../api/contract/bots.ts'
import type { retried } from '../../api/contract/messages.ts'
import type { Person } from '../../api/contract/people.ts'
import { fedoraFinder, messageId, messageWith } from '../testing/sample-answers.ts'
import { scriptedInstance } from '../testing/understudy.ts'

const botsRoute = { 'GET /api/bots': () => ({ bots: [fedoraFinder] }) }
const json = (text: string): unknown => JSON.parse(text)

test('bots shows health, today, speed and what waits for people', async (context) => {
  const { run } = await scriptedInstance(context, botsRoute)
  const { code, stdout } = await run('bots')
  assert.equal(code, 0)
  assert.match(stdout, /^✓ fedora-finder {2}picture-classifier on slack, x$/m)
  assert.match(stdout, /today 3 messages \(2 answered, 1 refused\) · 412 ms median, 901 ms p95 · 2 wait for people/)
  assert.match(stdout, /primary-then-best of main 1 champion \(baseline\) · labels: fedora, no fedora/)
  assert.deepEqual(json((await run('bots', '--json')).stdout), { bots: [fedoraFinder] })
})

test('bots says why a bot is down, and how a paused one works again', async (context) => {
  const down: BotState = { ...fedoraFinder, health: { state: 'down', reason: 'no model is loaded' } }
  const resting: BotState = {
    ...fedoraFinder,
    name: 'after-dark',
    paused: { since: '2026-01-02T03:04:05.000Z', by: 'me' },
  }
  const { run } = await scriptedInstance(context, { 'GET /api/bots': () => ({ bots: [down, resting] }) })
  const { stdout } = await run('bots')
  assert.match(stdout, /✗ fedora-finder .*: no model is loaded/)
  assert.match(stdout, /‖ after-dark .*paused since 2026[^]*next: understudy resume after-dark/)
})

test('doctor marks each check, tells the next step, and fails when one fails', async (context) => {
  const check = (name: string, state: Check['state'], next = ''): Check => ({
    name,
    state,
    detail: `of ${name}`,
    next,
  })
  const well = [check('database', 'ok', 'not said'), check('disk', 'warn', 'make room')]
  const instance = await scriptedInstance(context, { 'GET /api/doctor': () => ({ checks: well }) })
  const good = await instance.run('doctor')
  assert.equal(good.code, 0)
  assert.equal(good.stdout, '✓ database: of database\n! disk: of disk\n    next: make room\n\n1 to look at\n')
  const bad = { checks: [...well, check('Temporal', 'fail', 'npm start')] }
  const broken = await scriptedInstance(context, { 'GET /api/doctor': () => bad })
  const { code, stdout } = await broken.run('doctor')
  assert.equal(code, 1)
  assert.match(stdout, /✗ Temporal: of Temporal\n {4}next: npm start\n\n1 to put right, 1 to look at/)
  const asJson = await broken.run('doctor', '--json')
  assert.equal(asJson.code, 1)
  assert.deepEqual(json(asJson.stdout), bad)
})

test('pause and resume name the bot, and a bot that is none is refused with those that are', async (context) => {
  const { run, asked } = await scriptedInstance(context, {
    ...botsRoute,
    'POST /api/bots/fedora-finder/pause': () =>
      ({ bot: 'fedora-finder', paused: true }) satisfies z.infer<typeof paused>,
    'POST /api/bots/fedora-finder/resume': () =>
      ({ bot: 'fedora-finder', paused: false, waited: 2 }) satisfies z.infer<typeof resumed>,
  })
  assert.match((await run('pause', 'fedora-finder')).stdout, /rests.*next: understudy resume fedora-finder/)
  assert.match((await run('resume', 'fedora-finder')).stdout, /too old by now expires/)
  assert.match((await run('resume', 'fedora-finder', '--answer-all')).stdout, /answers everything that waited/)
  const changes = asked.filter(({ what }) => what.startsWith('POST')).map(({ body }) => body)
  assert.deepEqual(changes, [{}, { answerAll: false }, { answerAll: true }])
  const { code, stderr } = await run('pause', 'fedora-fnider')
  assert.equal(code, 1)
  assert.match(stderr, /no bot called fedora-fnider\.\nThere are: fedora-finder/)
})

test('sign-in prints nothing but the link on stdout', async (context) => {
  const url = 'http://127.0.0.1:8080/sign-in?token=once'
  const { run } = await scriptedInstance(context, { 'POST /api/sign-in-links': () => ({ url }) })
  const { stdout, stderr } = await run('sign-in')
  assert.equal(stdout, `${url}\n`)
  assert.match(stderr, /once/)
})

const someone = '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a01'
const person: Person = { id: someone, channel: 'slack', since: '2026-01-02T03:04:05.000Z', messages: 3, roles: {} }
const whoever = 'GET /api/people?platformId=U0DMITRI'

test('somebody else is signed in by the id of their platform, and a person who is not known or not one is told', async (context) => {
  const url = 'http://127.0.0.1:8080/sign-in?token=theirs'
  const { run, asked } = await scriptedInstance(context, {
    [whoever]: () => ({ people: [person] }),
    'GET /api/people?platformId=U0NOBODY': () => ({ people: [] }),
    'GET /api/people?platformId=U0TWICE': () => ({ people: [person, { ...person, id: messageId }] }),
    'POST /api/sign-in-links': () => ({ url }),
  })
  const { stdout, stderr } = await run('sign-in', '--as', 'U0DMITRI')
  assert.equal(stdout, `${url}\n`)
  assert.match(stderr, /as them: give it to nobody else/)
  assert.deepEqual(asked.at(-1)?.body, { personId: someone })
  assert.match((await run('sign-in', '--as', 'U0NOBODY')).stderr, /U0NOBODY is known yet\.\nWhoever writes to a bot/)
  assert.match((await run('sign-in', '--as', 'U0TWICE')).stderr, new RegExp(`${someone}, ${messageId}`))
  assert.equal(asked.filter(({ what }) => what.startsWith('POST')).length, 1)
})

test('people lists who may do what, and gives and takes a role', async (context) => {
  const roles: Person['roles'] = {}
  const { run, asked } = await scriptedInstance(context, {
    ...botsRoute,
    [whoever]: () => ({ people: [person] }),
    'GET /api/people': () => ({
      people: [
        { ...person, roles },
        { ...person, id: messageId },
      ],
    }),
    [`GET /api/people?id=${someone}`]: () => ({ people: [{ ...person, roles }] }),
    [`GET /api/people?id=${messageId}`]: () => ({ people: [] }),
    [`PUT /api/people/${someone}/roles`]: { status: 204, body: undefined },
  })
  roles['*'] = 'viewer'
  roles['fedora-finder'] = 'approver'
  const listed = (await run('people')).stdout.split('\n')
  assert.match(listed[0] ?? '', /slack, since 2026-01-02, 3 messages: viewer of every bot, approver of fedora-finder$/)
  assert.match(listed[1] ?? '', /3 messages$/)
  const given = await run('people', 'U0DMITRI', '--role', 'approver', '--bot', 'fedora-finder', '--json')
  assert.deepEqual(JSON.parse(given.stdout), { people: [{ ...person, roles }] })
  await run('people', someone, '--role', 'none', '--bot', '*')
  const changes = asked.filter(({ what }) => what.startsWith('PUT')).map(({ body }) => body)
  assert.deepEqual(changes, [
    { bot: 'fedora-finder', role: 'approver' },
    { bot: '*', role: null },
  ])
  for (const args of [
    ['--role', 'admin', '--bot', '*'],
    ['U0DMITRI', '--role', 'admin'],
    ['U0DMITRI', '--bot', '*'],
  ])
    assert.equal((await run('people', ...args)).code, 2, args.join(' '))
  assert.equal((await run('people', 'U0DMITRI', '--role', 'king', '--bot', '*')).code, 2)
  assert.match((await run('people', someone, '--role', 'admin', '--bot', 'x')).stderr, /no bot called x/)
  assert.match((await run('people', messageId, '--role', 'admin', '--bot', '*')).stderr, /Nobody with the id/)
})

test('retry takes one message, or all that failed', async (context) => {
  const { run, asked } = await scriptedInstance(context, {
    [`GET /api/messages/${messageId}`]: () => messageWith({ outcome: 'failed' }),
    [`POST /api/messages/${messageId}/retry`]: () =>
      ({ id: messageId, workflowId: 'w', workflowUrl: 'http://127.0.0.1:8233/w' }) satisfies z.infer<typeof retried>,
    'POST /api/messages/retry': () => ({ count: 1, ids: [messageId] }),
  })
  assert.match((await run('retry', messageId)).stdout, new RegExp(`understudy show ${messageId}`))
  assert.match((await run('retry', '--outcome', 'failed', '--since', '2h')).stdout, /1 tried again:/)
  assert.deepEqual(asked.at(-1)?.body, { outcome: 'failed', since: '2h' })
  for (const args of [
    [],
    [messageId, '--outcome', 'failed'],
    ['--outcome', 'answered'],
    ['--outcome', 'failed', '--since', 'soon'],
  ])
    assert.equal((await run('retry', ...args)).code, 2, args.join(' '))
})
