import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { credentialVariables, findBots, loadSecrets, writeSimulatorFiles } from './apps.ts'
import { moveAside } from './data-folder.ts'
import { createNarrator } from './narrator.ts'
import { readOptions } from './options.ts'
import { stopRequest } from './stop-request.ts'

const bots = [{ name: 'fedora-finder', channels: ['slack', 'x'], commands: [] }]
const folder = () => temporaryFolder('start-test')

test('flags are read, and one that is unknown is told', () => {
  assert.deepEqual(readOptions(['--once', '--json']), { once: true, json: true, fresh: false, help: false })
  const wrong = readOptions(['--bogus'])
  assert.ok(typeof wrong === 'string' && wrong.includes('--bogus'))
})

test('secrets are made once per data folder and only their owner can read them', async () => {
  const home = await folder()
  const made = await loadSecrets(home, bots)
  const kept = await loadSecrets(home, bots)
  assert.deepEqual([made.first, kept.first], [true, false])
  assert.deepEqual(kept.secrets, made.secrets)
  assert.equal((await stat(join(home, 'secrets.json'))).mode & 0o777, 0o600)
  const grown = await loadSecrets(home, [...bots, { name: 'after-dark', channels: ['slack'], commands: [] }])
  assert.deepEqual(grown.secrets.bots['fedora-finder'], made.secrets.bots['fedora-finder'])
  assert.ok(grown.secrets.bots['after-dark'])
})

test('the product and the simulators get the same secrets, and a real platform none of them', async () => {
  const home = await folder()
  const { secrets } = await loadSecrets(home, bots)
  const variables = credentialVariables(bots, secrets, { slack: true, x: false })
  assert.deepEqual(Object.keys(variables).toSorted(), [
    'SLACK_BOT_TOKEN__FEDORA_FINDER',
    'SLACK_SIGNING_SECRET__FEDORA_FINDER',
  ])
  const files = await writeSimulatorFiles(home, { bots, secrets, apiUrl: 'http://127.0.0.1:8080' })
  const slack = await readFile(files.slack, 'utf8')
  assert.ok(slack.includes(variables['SLACK_SIGNING_SECRET__FEDORA_FINDER'] ?? 'nothing'))
  assert.match(slack, /"eventsUrl": "http:\/\/127\.0\.0\.1:8080\/slack\/fedora-finder\/events"/)
  assert.match(await readFile(files.x, 'utf8'), /"webhookUrl": "http:\/\/127\.0\.0\.1:8080\/x\/fedora-finder\/webhook"/)
})

test('a folder without bots, and a bot without channels, are told with a next step', async () => {
  const home = await folder()
  await assert.rejects(findBots(home), /there is no bot/)
  await mkdir(join(home, 'mute'))
  await writeFile(join(home, 'mute', 'bot.yaml'), 'words: {}')
  await assert.rejects(findBots(home), /names no channels/)
})

test('a fresh start moves everything aside but the cache', async () => {
  const home = await folder()
  for (const name of ['cache', 'blobs', 'postgres']) await mkdir(join(home, name))
  await writeFile(join(home, 'run.lock'), '')
  const aside = await moveAside(home, new Date(0))
  assert.equal(aside, join(home, 'old-1970-01-01T00-00-00-000Z'))
  assert.deepEqual((await readdir(home)).toSorted(), ['cache', 'old-1970-01-01T00-00-00-000Z', 'run.lock'])
  assert.deepEqual((await readdir(aside)).toSorted(), ['blobs', 'postgres'])
  assert.equal(await moveAside(home, new Date(0)), undefined)
})

test('one Ctrl-C that arrives several times is one wish, a later one is impatience', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1000 })
  const source = new EventEmitter()
  const [exits, kills]: [number[], string[]] = [[], []]
  const stop = stopRequest(source, (code) => exits.push(code))
  stop.onSecond(() => kills.push('all'))
  source.emit('SIGINT')
  source.emit('SIGINT')
  assert.deepEqual([stop.signal.aborted, exits, kills], [true, [], []])
  await assert.rejects(stop.orElse(new Promise(() => undefined)), stop.isStop)
  context.mock.timers.tick(600)
  source.emit('SIGINT')
  assert.deepEqual([exits, kills], [[130], ['all']])
})

test('the end of the parent process is a wish to stop', () => {
  const source = new EventEmitter()
  const stop = stopRequest(source, () => undefined)
  source.emit('disconnect')
  assert.equal(stop.signal.aborted, true)
})

test('status lines replace each other on a terminal and are rare elsewhere', () => {
  const seen: string[] = []
  const write = (text: string) => seen.push(text)
  const terminal = createNarrator({ isTTY: true, columns: 20, write })
  terminal.status('one')
  terminal.say('two')
  assert.deepEqual(seen, ['one', '\r\u001b[2K', 'two\n'])
  seen.length = 0
  let now = 0
  const pipe = createNarrator({ write }, () => now)
  for (const line of ['a', 'b', 'c']) {
    pipe.status(line)
    now += 3000
  }
  assert.deepEqual(seen, ['a\n', 'c\n'])
})
