import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { configOfThisProcess } from '../../config.ts'
import { freePort } from '../ports.ts'
import { removeCluster, startPostgres } from '../postgres.ts'
import { run } from '../processes/programs.ts'
import { provisionPostgres } from '../provision/postgres.ts'
import { provisionTemporal } from '../provision/temporal.ts'
import { startTemporal } from '../temporal.ts'
import { canReach, placeFor } from './postgres-account.ts'
import { retentionOf, searchAttributes } from './temporal-namespace.ts'

const context = { home: resolve(configOfThisProcess().home), say: () => undefined }
const folder = await mkdtemp(join(tmpdir(), 'servers-test-'))
// The account that runs PostgreSQL must be able to enter.
await chmod(folder, 0o755)
const releases: (() => Promise<void>)[] = []
after(async () => {
  for (const release of releases.toReversed()) await release()
  await rm(folder, { recursive: true, force: true })
})

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>({ text: sql })).rows.map((row) => Object.values(row)[0])
  } finally {
    await client.end()
  }
}

async function cluster(name: string, settings = {}) {
  const binaries = await provisionPostgres(context)
  const options = { binaries, dataFolder: join(folder, name), logFile: join(folder, `${name}.log`), settings }
  releases.push(() => removeCluster(options.dataFolder))
  const start = async () => {
    const server = await startPostgres({ ...options, port: await freePort(5700) })
    releases.push(server.stop)
    return server
  }
  return { start }
}

test('a cluster speaks UTF-8, writes through to the disk, and keeps its data over a restart', async () => {
  const { start } = await cluster('kept')
  const first = await start()
  assert.deepEqual(await query(first.url, 'show server_encoding'), ['UTF8'])
  assert.deepEqual(await query(first.url, 'show fsync'), ['on'])
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  assert.deepEqual(await query((await start()).url, 'select answer from kept'), [42])
})

test('two clusters run side by side, each with a password of its own that nobody else can read', async () => {
  const [one, two] = [await (await cluster('one')).start(), await (await cluster('two', { fsync: 'off' })).start()]
  assert.deepEqual(await query(two.url, 'show fsync'), ['off'])
  assert.equal((await stat(`${one.folder}.password`)).mode & 0o777, 0o600)
  const wrong = new URL(one.url)
  wrong.password = new URL(two.url).password
  await assert.rejects(query(wrong.href, 'select 1'), /password authentication failed/)
})

test('a folder below one that the account cannot enter gets a substitute outside', async () => {
  const account = { name: 'somebody', uid: 4242, gid: 4242 }
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  assert.equal(await canReach(folder, account), true)
  assert.equal(await canReach(closed, account), false)
  assert.match(await placeFor(join(closed, 'postgres'), account), /understudy-[0-9a-f]{12}$/)
  assert.equal(await placeFor(join(closed, 'postgres'), undefined), join(closed, 'postgres'))
})

test(
  'a kept Temporal file gets 30 days and our attributes, even if a server made it that knew neither',
  { timeout: 120_000 },
  async () => {
    const { executable } = await provisionTemporal(context)
    const [port, uiPort] = [await freePort(7500), await freePort(8500)]
    const dbFile = join(folder, 'temporal.db')
    const common = { executable, port, uiPort, headless: true, logFile: join(folder, 'temporal.log') }
    const made = run(
      executable,
      ['server', 'start-dev', '--headless', '--port', String(port), '--db-filename', dbFile],
      { timeoutMs: 6000 },
    )
    await made
    await writeFile(`${dbFile}.version`, (await run(executable, ['--version'], { timeoutMs: 9000 })).stdout.trim())
    const server = await startTemporal({ ...common, dbFile })
    releases.push(server.stop)
    const ask = async (...args: readonly string[]) =>
      (await run(executable, ['operator', ...args, '-o', 'json', '--address', server.address], { timeoutMs: 9000 }))
        .stdout
    assert.equal(retentionOf(await ask('namespace', 'describe', '-n', 'default')), 30 * 24 * 3600)
    const listed = await ask('search-attribute', 'list')
    for (const name of searchAttributes) assert.match(listed, new RegExp(`"${name}": "INDEXED_VALUE_TYPE_KEYWORD"`))
  },
)

test('a Temporal file of another version is moved aside, not opened', { timeout: 60_000 }, async () => {
  const { executable } = await provisionTemporal(context)
  const dbFile = join(folder, 'foreign.db')
  await writeFile(dbFile, 'not a database')
  await writeFile(`${dbFile}.version`, 'temporal version 0.1.0')
  const said: string[] = []
  const [port, uiPort] = [await freePort(7600), 8600]
  const options = { executable, port, uiPort, headless: true, logFile: join(folder, 'foreign.log'), dbFile }
  const server = await startTemporal({ ...options, say: (line) => said.push(line) })
  releases.push(server.stop)
  assert.match(said.join(), /the old file is /)
  assert.notEqual(await readFile(dbFile, 'latin1'), 'not a database')
})
