import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadTest } from '../../api/contract/load-tests.ts'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFolder } from '../../infra/local/processes/node-child.ts'
import { fedoraFinder } from '../testing/sample-answers.ts'
import { scriptedInstance, temporaryFolder } from '../testing/understudy.ts'

const status = (changes: Partial<LoadTest> = {}): LoadTest => ({
  ...{ id: 'a1', state: 'done', planned: 60, sent: 60, answered: 60, failed: 0, open: 0, notStored: 0, sentOutside: 0 },
  outcomes: { answered: 58, refused: 2, failed: 0, expired: 0 },
  latencyMs: { p50: 40, p95: 90, p99: 210, max: 210 },
  histogram: [
    [40, 50],
    [90, 9],
    [210, 1],
  ],
  ...changes,
})

const instance = (context: TestContext, states: readonly LoadTest[]) => {
  let looks = 0
  return scriptedInstance(context, {
    'GET /api/bots': () => ({ bots: [fedoraFinder] }),
    'POST /api/load-test': { status: 202, body: { id: 'a1' } },
    'GET /api/load-test/a1': () => states[Math.min(looks++, states.length - 1)],
    'DELETE /api/load-test/a1': { status: 200, body: {} },
  })
}

test('the figures, the histogram as text and the page are those of the API', async (context) => {
  const page = join(await temporaryFolder(context), 'load.html')
  const { run, asked } = await instance(context, [status({ state: 'sending' }), status()])
  const { code, stdout, stderr } = await run(
    'load-test',
    '--bot',
    'fedora-finder',
    '--rate',
    '30',
    '--seconds',
    '2',
    '--html',
    page,
  )
  assert.equal(code, 0, stderr)
  assert.deepEqual(asked[1]?.body, { bot: 'fedora-finder', channel: 'x', rate: 30, seconds: 2, pictures: 0.5 })
  assert.match(stdout, /answered {2}60\n/)
  assert.match(stdout, /sent outside {2}0\n/)
  assert.match(stdout, /20–50 ms {2}█{40} 50\n +50–100 ms {2}█+ 9\n +100–200 ms {3}0\n +200–500 ms {2}█ 1\n/)
  assert.match(stdout, /p50 {2}40 ms[^]*p99\.9 {2}210 ms/)
  assert.match(stderr, /The plot is in /)
  const html = await readFile(page, 'utf8')
  assert.equal(html.match(/<svg/g)?.length, 2)
  assert.doesNotMatch(html, /<script|https?:|NaN|Infinity/)
})

test('--json is the whole result', async (context) => {
  const { run } = await instance(context, [status()])
  const { stdout } = await run('load-test', '--bot', 'fedora-finder', '--channel', 'slack', '--json')
  assert.deepEqual(JSON.parse(stdout), status())
})

test('a message that was lost, failed or went outside fails the load test', async (context) => {
  for (const changes of [
    { answered: 59, open: 1 },
    { answered: 59, failed: 1 },
    { sentOutside: 1 },
    { sent: 59, answered: 59, notStored: 1 },
  ]) {
    const { run } = await instance(context, [status(changes)])
    assert.equal((await run('load-test', '--bot', 'fedora-finder')).code, 1, JSON.stringify(changes))
  }
})

test('nothing answered is told, and is no plot', async (context) => {
  const page = join(await temporaryFolder(context), 'load.html')
  const { run } = await instance(context, [status({ answered: 0, open: 60, latencyMs: null, histogram: [] })])
  const { code, stdout } = await run('load-test', '--bot', 'fedora-finder', '--html', page)
  assert.equal(code, 1)
  assert.match(stdout, /No message has been answered/)
  assert.match(await readFile(page, 'utf8'), /No message has been answered/)
})

test('Ctrl-C ends the load test there too', async (context) => {
  const { home, asked } = await instance(context, [status({ state: 'sending' })])
  const child = spawn(process.execPath, [join(builtFolder, 'cli/main.js'), 'load-test', '--bot', 'fedora-finder'], {
    env: { ...inheritedEnvironment(), UNDERSTUDY_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  context.after(() => child.kill('SIGKILL'))
  const said: string[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  while (!asked.some(({ what }) => what === 'GET /api/load-test/a1')) await sleep(20)
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 1)
  assert.equal(asked.at(-1)?.what, 'DELETE /api/load-test/a1')
  assert.match(said.join(''), /You stopped the load test/)
})
