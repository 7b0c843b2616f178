import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Bot } from '../../../../domain/bot.ts'
import { firstBrokenAuditRow } from '../../../../store/audit.ts'
import { claimEvents } from '../../../../store/messages/inbound-events.ts'
import { servingSetOf } from '../../../../store/versions/serving-sets.ts'
import { recordOverdueDecisions } from '../../../../store/approvals/decisions.ts'
import { useDatabase } from '../../../../test/support/database.ts'
import { useOperatorApp } from '../../../../test/support/operator-app.ts'
import { rolloutScene } from '../../../../test/support/learning/rollout-scene.ts'

/* Temporal is not there: what needs it says so, and what does not works. */

type Scene = Awaited<ReturnType<typeof rolloutScene>>

const db = useDatabase()
const scenes: Scene[] = []
const { inject, signIn } = useOperatorApp(db, { bots: () => scenes.map(({ bot }): Bot => bot) })

/** Made with the first test: the database is there by then. */
async function scene(index: number): Promise<Scene> {
  while (scenes.length < 3) scenes.push(await rolloutScene(db()))
  return scenes[index] ?? assert.fail('there are three')
}

const as = (cookie: string) => ({
  get: (url: string) => inject({ url, headers: { cookie } }),
  post: (url: string, payload: object = {}) =>
    inject({ method: 'POST', url, headers: { cookie, 'x-understudy': '1' }, payload }),
})
const withRole = async (bot: string, role: 'viewer' | 'reviewer' | 'approver') =>
  as((await signIn({ [bot]: role })).cookie)

test('a rollout is told with its evidence, and with why this person may not decide', async () => {
  const { name, evidence } = await scene(0)
  const id = await evidence('pass')
  const viewer = await withRole(name, 'viewer')
  const told = await viewer.get(`/api/rollouts/${name}/2`)
  assert.equal(told.statusCode, 200, told.body)
  const body = told.json<Record<string, never>>()
  const {
    mayDecide,
    evidence: shown,
    examples,
  } = body as unknown as {
    mayDecide: { allowed: boolean; why: string }
    evidence: { id: string; payload: { traffic: { eValue: number } } }
    examples: { fixed: readonly { input: null }[] }
  }
  assert.deepEqual([mayDecide.allowed, shown.id, shown.payload.traffic.eValue], [false, id, 28.4])
  assert.match(mayDecide.why, /Only approvers/)
  assert.deepEqual(
    examples.fixed.map(({ input }) => input),
    [null],
  )
  const approver = await withRole(name, 'approver')
  const may = (await approver.get(`/api/rollouts/${name}/2`)).json<{ mayDecide: object }>().mayDecide
  assert.deepEqual(may, { allowed: true, why: null, holdOrReject: true })
  const all = (await viewer.get('/api/rollouts?active=true')).json<{ rollouts: readonly { bot: string }[] }>()
  assert.deepEqual(
    all.rollouts.map(({ bot }) => bot),
    [name],
  )
  assert.equal((await viewer.get(`/api/rollouts/${name}/9`)).statusCode, 404)
})

test('a decision without the role, on old evidence or against its verdict is refused in plain words', async () => {
  const { name, evidence } = await scene(1)
  const [old, inconclusive] = [await evidence('pass'), await evidence('inconclusive')]
  const approver = await withRole(name, 'approver')
  const decide = (payload: object) => approver.post(`/api/rollouts/${name}/2/decision`, { reason: 'seen', ...payload })
  const reviewer = await withRole(name, 'reviewer')
  const path = `/api/rollouts/${name}/2/decision`
  const promotion = { evidenceId: inconclusive, decision: 'promote' }
  assert.equal((await reviewer.post(path, { ...promotion, reason: 'seen' })).statusCode, 403)
  assert.equal((await decide({ ...promotion, reason: '  ' })).statusCode, 400)
  const stale = await decide({ evidenceId: old, decision: 'promote' })
  assert.equal(stale.statusCode, 409)
  assert.match(stale.json<{ title: string }>().title, /evidence has changed/)
  assert.match((await decide(promotion)).json<{ title: string }>().title, /inconclusive/)
  const failed = await evidence('fail')
  const against = await decide({ evidenceId: failed, decision: 'promote', override: true })
  assert.match(against.json<{ title: string }>().title, /does not allow a promotion/)
  assert.equal((await servingSetOf(db(), name))?.members.find(({ version }) => version === 2)?.stage, 'canary')
})

test('with Temporal down a decision is kept for the relay, and asking twice is one decision', async () => {
  const { name, evidence } = await scene(2)
  const id = await evidence('inconclusive')
  const approver = await withRole(name, 'approver')
  const decide = () =>
    approver.post(`/api/rollouts/${name}/2/decision`, {
      ...{ evidenceId: id, decision: 'promote', reason: 'seen it all', override: true },
    })
  const [first, second] = [await decide(), await decide()]
  assert.equal(first.statusCode, 202, first.body)
  assert.deepEqual(second.json(), first.json())
  await recordOverdueDecisions(db(), { olderThanMs: 0, limit: 10 })
  const waiting = (await claimEvents(db(), { limit: 10, leaseMs: 1_000 })).map(({ request }) => request)
  assert.deepEqual(
    waiting.map((request) => request.kind === 'decision' && [request.decision.version, request.decision.evidenceId]),
    [[2, id]],
  )
  assert.equal((await approver.post('/api/rollouts', { bot: name, version: 1 })).statusCode, 409)
})

test('a version is taken back with nothing but the database, with its reason, and only by an approver', async () => {
  const { name } = await scene(0)
  const path = `/api/bots/${name}/rollback`
  const reviewer = await withRole(name, 'reviewer')
  assert.equal((await reviewer.post(path, { reason: 'bad' })).statusCode, 403)
  const approver = await withRole(name, 'approver')
  assert.equal((await approver.post(path)).statusCode, 400)
  const taken = await approver.post(path, { reason: 'it calls everything a fedora' })
  assert.deepEqual([taken.statusCode, taken.json()], [200, { from: 2, to: 1 }])
  const members = (await servingSetOf(db(), name))?.members.map(({ version, stage }) => [version, stage])
  assert.deepEqual(members, [[1, 'live']])
  assert.equal((await approver.post(path, { version: 2, reason: 'again' })).statusCode, 409)
  assert.equal((await approver.post(path, { to: 7, reason: 'what is that' })).statusCode, 409)
  const ended = (await approver.get(`/api/rollouts/${name}/2`)).json<{ end: string; mayDecide: { allowed: boolean } }>()
  assert.deepEqual([ended.end, ended.mayDecide.allowed], ['withdrawn', false])
  assert.equal(await firstBrokenAuditRow(db()), undefined)
})

test('what only one of two versions gets right is shown, also of held-out base examples', async () => {
  const { name } = await scene(0)
  const side = { champion: 'fedora', challenger: 'no-fedora' }
  const fixed = [
    { ...side, prediction: 'base:title/1', truth: 'no-fedora' },
    { ...side, prediction: 'base:unknown', truth: 'no-fedora' },
  ]
  const judged = { champion: 1, labels: ['fedora', 'no-fedora'], fixed, broke: [], fixedCount: 2, brokeCount: 0 }
  await sql`insert into retrains (bot, number, reason) values (${name}, 1, 'person')`.execute(db())
  await sql`insert into retrain_slots (bot, number, slot, dataset_files, version, judged)
            values (${name}, 1, 'main', '{}', 2, ${JSON.stringify(judged)})`.execute(db())
  await sql`insert into example_inputs (bot, example, text) values (${name}, 'title/1', 'a hat')`.execute(db())
  const viewer = await withRole(name, 'viewer')
  const compared = (await viewer.get(`/api/versions/${name}/2/compare/1`)).json<{ fixed: readonly object[] }>()
  assert.deepEqual(compared.fixed, [
    { ...fixed[0], input: { kind: 'text', text: 'a hat' } },
    { ...fixed[1], input: null },
  ])
})

test('versions are told with their place, and what needs Temporal says that it is down', async () => {
  const { name } = await scene(1)
  const reviewer = await withRole(name, 'reviewer')
  const { versions } = (await reviewer.get(`/api/versions?bot=${name}`)).json<{
    versions: readonly { version: number; stage: string; aliases: readonly string[]; parent: number | null }[]
  }>()
  assert.deepEqual(
    versions.map(({ version, stage, aliases, parent }) => [version, stage, aliases, parent]),
    [
      [1, 'live', ['champion', 'baseline'], null],
      [2, 'canary', ['challenger'], 1],
    ],
  )
  const compared = await reviewer.get(`/api/versions/${name}/2/compare/1`)
  assert.deepEqual([compared.statusCode, compared.json<{ agreement: null }>().agreement], [200, null])
  assert.equal((await reviewer.get(`/api/versions/${name}/2/compare/5`)).statusCode, 404)
  for (const [path, body] of [
    [`/api/bots/${name}/retrain`, {}],
    ['/api/replays', { bot: name, version: 2 }],
    [`/api/versions/${name}/2/rebuild`, {}],
  ] as const)
    assert.equal((await reviewer.post(path, body)).statusCode, 503, path)
  assert.equal((await reviewer.post('/api/replays', { bot: name, version: 8 })).statusCode, 404)
  const backwards = { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }
  assert.equal((await reviewer.post('/api/replays', { bot: name, version: 2, ...backwards })).statusCode, 400)
})
