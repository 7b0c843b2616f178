import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../infra/local/processes/programs.ts'
import { closedServer } from '../test/support/scripted-server.ts'
import { temporaryFolder, understudy } from './testing/understudy.ts'

const call = async (context: TestContext, ...args: readonly string[]) =>
  understudy(await temporaryFolder(context), args)

const commands = [
  ...['doctor', 'bots', 'ask', 'fix', 'labels', 'show', 'retry', 'pause', 'resume', 'sign-in', 'people', 'load-test'],
  ...['retrain', 'rebuild', 'versions', 'rollouts', 'approve', 'reject', 'rollback', 'replay', 'label'],
]

test('the help names every command and those of the project', async (context) => {
  const { code, stdout } = await call(context, '--help')
  assert.equal(code, 0)
  for (const name of [...commands, 'start', 'story']) assert.match(stdout, new RegExp(`^ +${name}\\b`, 'm'))
})

test('every command has help with an example, and --json', async (context) => {
  for (const name of commands) {
    const { code, stdout } = await call(context, name, '--help')
    assert.equal(code, 0, name)
    assert.match(stdout, new RegExp(`Examples:\n +understudy ${name}`))
    assert.match(stdout, /--json/)
  }
})

test('wrong use ends with 2 and says how it is right', async (context) => {
  const table: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /Usage: understudy/],
    [['perform'], /There is no command perform\.\nCommands: .*doctor/],
    [['bots', '--bogus'], /unknown option '--bogus'\nHelp: understudy bots --help/],
    [['ask'], /missing required argument 'bot'\nHelp: understudy ask --help/],
    [['ask', 'a', '--timeout', 'soon'], /must be a number from 1 to 3600/],
    [['load-test'], /required option '--bot <bot>'/],
    [['load-test', '--bot', 'a', '--rate', '0'], /must be a number from 0\.1 to 500/],
    [['load-test', '--bot', 'a', '--channel', 'fax'], /Allowed choices are x, slack/],
    [['pause', 'a', 'b'], /too many arguments/],
  ]
  for (const [args, words] of table) {
    const { code, stderr, stdout } = await call(context, ...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(stderr, words)
    assert.equal(stdout, '')
  }
})

test('an error with --json is one JSON value on stdout too', async (context) => {
  const { code, stdout } = await call(context, 'bots', '--json')
  assert.equal(code, 1)
  const { error, next } = JSON.parse(stdout) as { readonly error: string; readonly next: string }
  assert.match(error, /does not run/)
  assert.match(next, /npm start/)
})

test('the bin runs it in the folder of the person, and finds its parts', async (context) => {
  const [home, folder] = [await temporaryFolder(context), await temporaryFolder(context)]
  const bin = fileURLToPath(new URL('../infra/local/bootstrap.mjs', import.meta.url))
  const env = { UNDERSTUDY_HOME: home }
  const call = (...args: readonly string[]) =>
    run(process.execPath, [bin, ...args], { cwd: folder, env, timeoutMs: 60_000 })
  await writeFile(join(folder, 'here.jpg'), 'a picture')
  const found = await call('ask', 'nobody', '--picture', 'here.jpg', '--api', await closedServer())
  assert.match(found.stderr, /cannot be reached/)
  assert.equal(found.code, 1)
  const missing = await call('ask', 'nobody', '--picture', 'there.jpg', '--api', await closedServer())
  assert.match(missing.stderr, /there\.jpg cannot be read/)
  assert.equal(missing.code, 2)
})
