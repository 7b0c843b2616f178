import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { closedServer } from '../test/support/scripted-server.ts'
import { fedoraFinder } from './testing/sample-answers.ts'
import { scriptedInstance, temporaryFolder, understudy } from './testing/understudy.ts'

const bots = { 'GET /api/bots': () => ({ bots: [fedoraFinder] }) }

async function homeWith(context: TestContext, content: string): Promise<string> {
  const home = await temporaryFolder(context)
  await writeFile(join(home, 'run.json'), content)
  return home
}

test('the API and the token are those of run.json', async (context) => {
  const instance = await scriptedInstance(context, bots)
  assert.equal((await instance.run('bots')).code, 0)
  assert.deepEqual(instance.asked, [
    { what: 'GET /api/bots', body: undefined, authorization: `Bearer ${instance.token}` },
  ])
})

test('another API never gets the local token', async (context) => {
  const [local, other] = [await scriptedInstance(context, bots), await scriptedInstance(context, bots)]
  assert.equal((await local.run('bots', '--api', other.url)).code, 0)
  assert.equal((await local.run('bots', '--api', `${other.url}/`, '--token', 'theirs')).code, 0)
  assert.deepEqual(
    other.asked.map(({ authorization }) => authorization),
    [undefined, 'Bearer theirs'],
  )
  assert.equal(local.asked.length, 0)
})

test('where nothing runs, the person is told to start it', async (context) => {
  const stopped = JSON.stringify({ supervisor: null, urls: { api: 'http://127.0.0.1:1' } })
  for (const home of [await temporaryFolder(context), await homeWith(context, '{'), await homeWith(context, stopped)]) {
    const { code, stderr, stdout } = await understudy(home, ['bots'])
    assert.equal(code, 1)
    assert.match(stderr, /does not run on the data folder .*\nStart it with `npm start`/)
    assert.equal(stdout, '')
  }
})

test('an API that is gone, and one that is something else, are told apart', async (context) => {
  const home = await temporaryFolder(context)
  const gone = await understudy(home, ['bots', '--api', await closedServer()])
  assert.equal(gone.code, 1)
  assert.match(gone.stderr, /cannot be reached\.\nStart it/)
  const page = await scriptedInstance(context, { 'GET /api/bots': { status: 200, body: '<p>hello' } })
  assert.match((await page.run('bots')).stderr, /is not the operator API/)
  const older = await scriptedInstance(context, { 'GET /api/bots': () => ({ bots: [{ name: 'a' }] }) })
  assert.match((await older.run('bots')).stderr, /answer of \/api\/bots cannot be read \(at bots\.0/)
})

test('a refusal is told with what to do, and the terminal stays unharmed', async (context) => {
  const table = [
    [401, /\(401\): Not signed in: Who are you\?[^]*--token/],
    // The API's own words are enough: nothing is broken.
    ...([400, 403, 409, 422] as const).map((status) => [status, /\(\d+\): Not signed in: Who are you\?\n$/] as const),
    [500, /\(500\)[^]*understudy doctor/],
  ] as const
  for (const [status, words] of table) {
    const body = { title: 'Not signed in', detail: 'Who are \u001b[2Jyou?' }
    const instance = await scriptedInstance(context, { 'GET /api/bots': { status, body } })
    const { code, stderr } = await instance.run('bots')
    assert.equal(code, 1)
    assert.match(stderr.replace('�[2J', ''), words)
    assert.doesNotMatch(stderr, new RegExp(String.fromCharCode(27)))
  }
})

test('a configuration with faults is told, and is not needed where the API is named', async (context) => {
  const instance = await scriptedInstance(context, bots)
  const env = { PORT: 'nonsense' }
  const { code, stderr } = await understudy(instance.home, ['bots'], { env })
  assert.equal(code, 1)
  assert.match(stderr, /the configuration has 1 fault[^]*PORT[^]*Correct the variables/)
  assert.equal((await understudy(instance.home, ['bots', '--api', instance.url], { env })).code, 0)
})
