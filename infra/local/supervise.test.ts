import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { runJob, startService } from './processes/node-child.ts'
import type { ProcessNote } from './processes/run-file.ts'
import { backOff, createSupervisor } from './supervise.ts'

const folder = await temporaryFolder('supervise-test')
const diary = join(folder, 'diary')

async function child(name: string, code: string): Promise<string> {
  const file = join(folder, `${name}.ts`)
  await writeFile(file, code)
  return file
}

const server = (name: string) => `
  import { appendFileSync } from 'node:fs'
  setInterval(() => 0, 1000)
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => setTimeout(() => { appendFileSync(${JSON.stringify(diary)}, ' ${name}'); process.exit(0) }, 50))
  process.send({ type: 'ready', url: 'http://127.0.0.1:1/${name}' })`

function setUp() {
  const said: string[] = []
  const state: { notes: readonly ProcessNote[] } = { notes: [] }
  const note = (notes: readonly ProcessNote[]) => {
    state.notes = notes
    return Promise.resolve()
  }
  const supervisor = createSupervisor({ say: (line) => said.push(line), note, firstDelayMs: 50, drainMs: 500 })
  const keep = (name: string, file: string, readyTimeoutMs = 20_000) => {
    const logFile = join(folder, `${name}.log`)
    const start = (onSpawn: Parameters<Parameters<typeof supervisor.keep>[0]['start']>[0]) =>
      startService(name, { file, env: {}, logFile, readyTimeoutMs, onSpawn })
    return supervisor.keep({ name, logFile, start })
  }
  return { said, state, supervisor, keep }
}

async function until(condition: () => boolean): Promise<void> {
  const start = Date.now()
  while (!condition()) {
    assert.ok(Date.now() - start < 20_000, 'it did not happen in 20 s')
    await sleep(20)
  }
}

test('a crashed process is started again, and both are said in words', async () => {
  const { said, state, supervisor, keep } = setUp()
  const { pid, url } = await keep('relay', await child('relay', server('relay')))
  assert.equal(url, 'http://127.0.0.1:1/relay')
  process.kill(pid, 'SIGKILL')
  await until(() => said.includes('relay is back'))
  assert.match(said[0] ?? '', /^relay ended \(signal SIGKILL\); starting it again in 0\.05 s\. Its log: /)
  assert.notEqual(state.notes[0]?.pid, pid)
  await supervisor.stopAll()
  assert.deepEqual(state.notes, [])
})

test('everything is stopped in reverse order, each drained before the next', async () => {
  const { supervisor, keep } = setUp()
  await writeFile(diary, '')
  for (const name of ['one', 'two', 'three']) await keep(name, await child(name, server(name)))
  await supervisor.stopAll()
  assert.equal(await readFile(diary, 'utf8'), ' three two one')
})

test('a process that does not drain in time is killed', async () => {
  const { supervisor, keep } = setUp()
  const code = `setInterval(() => 0, 1000); process.on('SIGTERM', () => 0); process.send({ type: 'ready' })`
  const stubborn = await keep('stubborn', await child('stubborn', code))
  await supervisor.stopAll()
  assert.equal(await stubborn.ended, 'signal SIGKILL')
})

test('a first start that fails is told with the end of the log, and nothing is left running', async () => {
  const { state, supervisor, keep } = setUp()
  const broken = await child('broken', `console.error('no such table'); process.exit(3)`)
  await assert.rejects(keep('broken', broken), /broken ended with exit code 3:\n\s+no such table/)
  const mute = await child('mute', `setInterval(() => 0, 1000)`)
  await assert.rejects(keep('mute', mute, 600), /mute was not ready within 0\.6 s/)
  await until(() => state.notes.length === 0)
  await supervisor.stopAll()
})

test('a job passes on its progress and its result, and may fail', async () => {
  const progress: string[] = []
  const common = {
    env: {},
    logFile: join(folder, 'job.log'),
    readyTimeoutMs: 20_000,
    onProgress: (text: string) => progress.push(text),
  }
  const good = `process.send({ type: 'progress', text: 'half' }); process.send({ type: 'done', result: 42 }); process.disconnect()`
  assert.equal(await runJob('good', { ...common, file: await child('good', good) }), 42)
  assert.deepEqual(progress, ['half'])
  await assert.rejects(
    runJob('bad', { ...common, file: await child('bad', 'process.exit(1)') }),
    /bad ended with exit code 1/,
  )
})

test('the wait before a restart doubles up to half a minute', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 20].map((restarts) => backOff(restarts, 500)),
    [500, 1000, 2000, 4000, 30_000],
  )
})
