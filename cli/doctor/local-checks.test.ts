import assert from 'node:assert/strict'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../testing/understudy.ts'
import { localChecks, type LocalMachine } from './local-checks.ts'

const checked = async (home: string, changes: Partial<LocalMachine> = {}) => {
  const found = await localChecks({ home, ports: {}, nodeVersion: '20.20.0', ...changes })
  return new Map(found.map((check) => [check.name, check]))
}

/** @returns a port that somebody listens on until the test ends. */
const takenPort = (context: TestContext): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('it has a port'))
    })
    context.after(() => new Promise((done) => server.close(done)))
  })

async function provisioned(home: string): Promise<void> {
  for (const part of ['temporal', 'tensorflow', 'weights', 'titles']) {
    await mkdir(join(home, 'cache', part), { recursive: true })
    await writeFile(join(home, 'cache', part, 'it'), '')
  }
}

test('a machine that is ready passes every check', async (context) => {
  const home = await temporaryFolder(context)
  await provisioned(home)
  await writeFile(join(home, 'run.json'), '{}', { mode: 0o600 })
  const found = await checked(home)
  assert.deepEqual([...found.keys()], ['Node', 'data folder', 'secrets', 'disk', 'provisioned parts', 'ports'])
  // The disk is this machine's.
  for (const { name, state } of found.values()) if (name !== 'disk') assert.equal(state, 'ok', name)
})

test('an old Node fails, a newer one does not', async (context) => {
  const home = await temporaryFolder(context)
  for (const [nodeVersion, state] of [
    ['18.20.8', 'fail'],
    ['20.19.9', 'fail'],
    ['20.20.0', 'ok'],
    ['22.1.0', 'ok'],
  ] as const)
    assert.equal((await checked(home, { nodeVersion })).get('Node')?.state, state, nodeVersion)
})

test('parts that were never fetched are named, with what fetches them', async (context) => {
  const home = await temporaryFolder(context)
  await mkdir(join(home, 'cache', 'weights'), { recursive: true })
  const check = (await checked(home)).get('provisioned parts')
  assert.equal(check?.state, 'warn')
  assert.match(check.detail, /temporal, tensorflow, weights, titles/)
  assert.match(check.next, /npm start/)
})

test('a data folder that does not exist yet will be made; a file in its place, or no right to write, fails', async (context) => {
  const home = await temporaryFolder(context)
  assert.match((await checked(join(home, 'a', 'b'))).get('data folder')?.detail ?? '', /will be made/)
  await writeFile(join(home, 'file'), '')
  assert.equal((await checked(join(home, 'file'))).get('data folder')?.state, 'fail')
})

const isRoot = process.getuid?.() === 0

test('no right to write in the data folder fails', { skip: isRoot && 'root may write anywhere' }, async (context) => {
  const home = await temporaryFolder(context)
  await chmod(home, 0o500)
  const check = (await checked(home)).get('data folder')
  assert.equal(check?.state, 'fail')
  assert.match(check.next, /UNDERSTUDY_HOME/)
})

test('secrets that others can read fail, with the command that closes them', async (context) => {
  const home = await temporaryFolder(context)
  await writeFile(join(home, 'run.json'), '{}')
  await chmod(join(home, 'run.json'), 0o644)
  const check = (await checked(home)).get('secrets')
  assert.equal(check?.state, 'fail')
  assert.match(check.next, /^chmod 600 '.*run\.json'$/)
})

test('a taken port is named with what it is for, and stops nothing', async (context) => {
  const home = await temporaryFolder(context)
  const port = await takenPort(context)
  const check = (await checked(home, { ports: { 'operator API': port, any: 0 } })).get('ports')
  assert.equal(check?.state, 'warn')
  assert.equal(check.detail, `taken: ${port} (operator API)`)
})
