import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { understudy } from '../../cli/testing/understudy.ts'
import { replaceServingSet, servingSetOf } from '../../store/versions/serving-sets.ts'
import { versionsOf } from '../../store/versions/versions.ts'
import { testSettings } from '../support/settings.ts'
import { eventually } from '../support/platforms/platform.ts'
import { adminToken, isSettledAs, operatorOf } from './operator.ts'
import { hatPicture } from './pictures.ts'
import { useStack } from './use-stack.ts'

/* Learning and rollouts through the operator API and the command, on real processes. */

const bot = 'fedora-finder'
const { stack } = useStack({
  ownTemporal: true,
  services: ['api', 'relay+conversations', 'inference+learning+training'],
  env: { LOCAL_ADMIN_TOKEN: adminToken },
})
interface LearningBot {
  readonly bot: string
  readonly retrains: readonly { readonly number: number; readonly state: string; readonly outcome: string | null }[]
}
interface Rebuild {
  readonly state: string
  readonly result: { readonly outcome: string; readonly differs: readonly string[] } | null
}

const command = (...args: readonly string[]) =>
  understudy(testSettings().folder, [...args, '--api', stack().urls.api, '--token', adminToken])

test('a replay of a version against itself, played by the learning worker, has a noise floor of 100 % and one hash', async () => {
  const { ask, messageWhen } = operatorOf(stack())
  for (const seed of ['one', 'two']) {
    const { id } = await ask(bot, { pictures: [await hatPicture(seed)] })
    await messageWhen(id, ({ outcome }) => outcome === 'answered', `the answer to ${seed}`)
  }
  const args = ['replay', '--bot', bot, '--version', '1', '--against', '1', '--since', '1d', '--json']
  const [first, second] = [await command(...args), await command(...args)]
  assert.equal(first.code, 0, first.stderr)
  const [one, other] = [first, second].map(({ stdout }) => JSON.parse(stdout) as Readonly<Record<string, unknown>>)
  assert.deepEqual([one?.['requests'], one?.['noiseFloor'], one?.['agreement'], one?.['churnCount']], [2, 1, 1, 0])
  assert.equal(one?.['hash'], other?.['hash'])
})

test('a rebuild of the first version is told: the same weights, or what differs', async () => {
  const { get, post } = operatorOf(stack())
  const { status, body } = await post(`/api/versions/${bot}/1/rebuild`, {})
  assert.equal(status, 202)
  const { id } = body as { readonly id: string }
  const result = await eventually(
    async () => {
      const job = (await get(`/api/rebuilds/${encodeURIComponent(id)}`)).body as Rebuild
      assert.notEqual(job.state, 'failed')
      return job.result ?? undefined
    },
    { timeoutMs: 240_000, what: 'the rebuild' },
  )
  // Libraries or a machine of another kind are told, and promise nothing; the same ones make the same weights.
  assert.ok(result.outcome !== 'different', result.differs.join('; '))
  assert.equal(result.differs.length === 0, result.outcome === 'same')
})

test('a retrain that a person stops ends as cancelled: no version comes of it, and the correction stays', async () => {
  const { ask, get, post, messageWhen } = operatorOf(stack())
  const { id } = await ask(bot, { pictures: [await hatPicture('three')] })
  const { inputs } = await messageWhen(id, ({ outcome }) => outcome === 'answered', 'the answer')
  const label = inputs[0]?.choice?.label === 'fedora' ? 'no-fedora' : 'fedora'
  assert.equal((await post('/api/corrections', { prediction: id, label })).status, 202)
  await messageWhen(id, isSettledAs('accepted'), 'an accepted correction')
  assert.equal((await command('retrain', bot, '--cancel')).code, 1, 'none runs yet')
  assert.equal((await command('retrain', bot, '--demo')).code, 0)
  const latest = (state: string) =>
    eventually(
      async () => {
        const { bots } = (await get('/api/learning')).body as { bots: readonly LearningBot[] }
        return bots.find((each) => each.bot === bot)?.retrains.find((each) => each.state === state)
      },
      { timeoutMs: 60_000, what: `a retrain that is ${state}` },
    )
  const { number } = await latest('running')
  const { code, stderr } = await command('retrain', bot, '--cancel')
  assert.equal(code, 0, stderr)
  const ended = await latest('cancelled')
  assert.deepEqual([ended.number, ended.outcome], [number, 'it was cancelled by a person'])
  assert.equal((await post(`/api/bots/${bot}/retrains/${number}/cancel`)).status, 409)
  assert.equal((await post(`/api/bots/${bot}/retrains/${number + 1}/cancel`)).status, 404)
  assert.deepEqual(
    (await versionsOf(stack().db, bot)).map(({ version }) => version),
    [1],
  )
  const audit = await stack()
    .db.selectFrom('audit')
    .select('details')
    .where('action', '=', 'retrain.cancelled')
    .execute()
  assert.deepEqual(audit, [{ details: { number } }])
})

test('a Schedule is paused, told and resumed', async () => {
  const { get, post } = operatorOf(stack())
  const scheduled = () =>
    eventually(
      async () => {
        const { body } = await get('/api/learning')
        const { bots } = body as { bots: readonly { bot: string; schedule: { paused: boolean } | null }[] }
        return bots.find((each) => each.bot === bot)?.schedule ?? undefined
      },
      { timeoutMs: 30_000, what: 'the Schedule' },
    )
  assert.equal((await scheduled()).paused, false)
  assert.equal((await post(`/api/bots/${bot}/schedule`, { action: 'pause', note: 'on holiday' })).status, 200)
  assert.deepEqual(await scheduled().then(({ paused }) => paused), true)
  assert.equal((await post(`/api/bots/${bot}/schedule`, { action: 'resume' })).status, 200)
})

test('with Temporal down the command rolls back, and the version before answers', async (context) => {
  await sql`insert into versions (bot, version, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version)
            select bot, 2, slot, family, 1, dataset_root, weights_sha256, files, labels, preprocessing_version
            from versions where bot = ${bot} and version = 1`.execute(stack().db)
  const before = (await servingSetOf(stack().db, bot)) ?? assert.fail('something serves')
  const [first] = before.members
  assert.ok(first)
  const members = [
    { ...first, stage: 'retired', weight: 0 },
    { ...first, version: 2, baseline: false },
  ] as const
  await stack()
    .db.transaction()
    .execute((trx) => replaceServingSet(trx, { bot, set: { ...before, members }, actor: 'test' }))
  await stack().stopTemporal()
  context.after(() => stack().startTemporal({ keepFile: true }))
  const { code, stdout, stderr } = await command('rollback', bot, '--reason', 'Temporal is down, and it is wrong')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /Version 2 of fedora-finder is taken back\. Version 1 is answering\./)
  const live = (await servingSetOf(stack().db, bot))?.members.filter(({ stage }) => stage === 'live')
  assert.deepEqual(
    live?.map(({ version }) => version),
    [1],
  )
})
