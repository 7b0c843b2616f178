import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { checks } from '../../../api/contract/bots.ts'
import { temporaryFolder, understudy } from '../../testing/understudy.ts'

/* What doctor says when nothing runs; with an instance it is in commands.test.ts. */

const checksIn = (text: string) =>
  new Map(checks.parse(JSON.parse(text)).checks.map((check) => [check.name, check] as const))

test('doctor with nothing running checks this machine, and says that nothing runs and how to start it', async (context) => {
  const home = await temporaryFolder(context)
  const { code, stdout } = await understudy(home, ['doctor'])
  assert.equal(code, 1)
  assert.match(stdout, /^✓ Node: \d+/m)
  assert.match(stdout, /^! provisioned parts: not here yet: .*\n {4}next: npm start/m)
  assert.match(stdout, /^✗ Understudy: Understudy does not run .*\n {4}next: Start it with `npm start`/m)
})

test('doctor with a dead instance checks this machine too', async (context) => {
  const home = await temporaryFolder(context)
  const left = { supervisor: { pid: 1 }, urls: { api: 'http://127.0.0.1:1' }, adminToken: 'a-token' }
  await writeFile(join(home, 'run.json'), JSON.stringify(left))
  await chmod(join(home, 'run.json'), 0o644)
  const found = checksIn((await understudy(home, ['doctor', '--json'])).stdout)
  assert.match(found.get('Understudy')?.detail ?? '', /cannot be reached/)
  assert.equal(found.get('secrets')?.state, 'fail')
})

test('doctor of another instance says nothing about this machine', async (context) => {
  const home = await temporaryFolder(context)
  const { code, stdout, stderr } = await understudy(home, ['doctor', '--api', 'http://127.0.0.1:1'])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /cannot be reached/)
})
