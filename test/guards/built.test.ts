import assert from 'node:assert/strict'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '../../infra/local/ports.ts'
import { builtFolder, repositoryRoot, startService } from '../../infra/local/processes/node-child.ts'
import { run } from '../../infra/local/processes/programs.ts'
import { createTestDatabase } from '../support/database.ts'
import { testSettings } from '../support/settings.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What was built, without the sources: a folder with `dist/` as an image has it, and the packages. */
async function withoutSources(): Promise<string> {
  const folder = await temporaryFolder('built-test')
  const tests = join(builtFolder, 'test')
  await cp(builtFolder, folder, { recursive: true, filter: (path) => path !== tests })
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function start(context: TestContext, program: string, ...args: readonly string[]) {
  const folder = await withoutSources()
  const database = await createTestDatabase()
  const service = await startService(program, {
    file: join(folder, program),
    args,
    env: {
      UNDERSTUDY_HOME: folder,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: testSettings().temporalAddress,
      PORT: `${await freePort(0)}`,
    },
    logFile: join(folder, 'log'),
    readyTimeoutMs: 10 * 60_000,
    noteIn: join(testSettings().folder, 'processes'),
  })
  context.after(async () => {
    await service.stop()
    await database.drop()
  })
  return service
}

test('the api runs from what was built alone, and serves the pages', async (context) => {
  const { url = '' } = await start(context, 'api/main.js')
  const page = await fetch(url)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /<div id="root">/)
})

test('a worker with several roles runs from what was built alone', async (context) => {
  await start(context, 'workers/main.js', '--roles', 'relay,conversations')
})

test('a role that there is not is told with those that there are, in one line', async () => {
  const worker = join(builtFolder, 'workers/main.js')
  const known = 'Known roles: relay, conversations, inference, learning, training; several are separated by commas.'
  for (const [args, said] of [
    [['--roles', 'relay,juggler'], `There is no role juggler. ${known}`],
    [[], `--roles names none. ${known}`],
    [['--bogus'], `Say --roles and nothing else. ${known}`],
  ] as const) {
    const { code, stderr } = await run(process.execPath, [worker, ...args], { timeoutMs: 60_000 })
    assert.deepEqual([code, stderr.trim()], [2, said])
  }
})
