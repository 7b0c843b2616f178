import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { identify, isAlive } from './processes/identity.ts'
import { runJob, startService } from './processes/node-child.ts'
import type { ProcessNote } from './processes/run-file.ts'
import { backOff, createSupervisor } from './supervise.ts'

const folder = await temporaryFolder('supervise-test')
const diary = join(folder, 'diary')

/** Plain JavaScript, so that it starts at once. */
async function child(name: string, code: string): Promise<string> {
  const file = join(folder, `${name}.mjs`)
  await writeFile(file, code)
  return file
}

const server = (name: string) => `
  import { appendFileSync } from 'node:fs'
  setInterval(() => 0, 1000)
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => setTimeout(() => { appendFileSync(${JSON.stringify(diary)}, ' ${name}'); process.exit(0) }, 50))
  process.send({ type: 'ready', url: 'http://127.0.0.1:1/${name}' })`

type Supervisor = ReturnType<typeof createSupervisor>
const supervisors: Supervisor[] = []
// A test that failed has stopped nothing.
after(() => supervisors.forEach(({ killAll }) => killAll()))

type OnSpawn = Parameters<Parameters<Supervisor['keep']>[0]['start']>[0]

interface Kept {
  readonly readyTimeoutMs?: number
  readonly needs?: readonly string[]
  /** A start waits for this. */
  readonly gate?: () => Promise<void>
}

function setUp(options: { readonly now?: () => number } = {}) {
  const said: string[] = []
  const state: { notes: readonly ProcessNote[] } = { notes: [] }
  const note = (notes: readonly ProcessNote[]) => {
    state.notes = notes
    return Promise.resolve()
  }
  const say = (line: string) => said.push(line.replace(/ Its log: .*/, ''))
  const supervisor = createSupervisor({ say, note, firstDelayMs: 50, drainMs: 500, ...options })
  supervisors.push(supervisor)
  const keep = (name: string, file: string, { readyTimeoutMs = 20_000, needs = [], gate }: Kept = {}) => {
    const logFile = join(folder, `${name}.log`)
    const start = async (onSpawn: OnSpawn) => {
      await gate?.()
      return await startService(name, { file, env: {}, logFile, readyTimeoutMs, onSpawn })
    }
    return supervisor.keep({ name, logFile, needs, start })
  }
  /** Ends a service's process as a crash does. @returns what was said of it, up to its return. */
  const crash = async (name: string): Promise<readonly string[]> => {
    const from = said.length
    await until(() => state.notes.some((each) => each.name === name))
    process.kill(state.notes.find((each) => each.name === name)?.pid ?? assert.fail(`${name} does not run`), 'SIGKILL')
    await until(() => said.includes(`${name} is back`, from))
    return said.slice(from)
  }
  return { said, state, supervisor, keep, crash }
}

async function until(condition: () => boolean): Promise<void> {
  const start = Date.now()
  while (!condition()) {
    assert.ok(Date.now() - start < 60_000, 'it did not happen in 60 s')
    await sleep(20)
  }
}

test('a crashed process is started again at once, and both are said in words', async () => {
  const { said, state, supervisor, keep } = setUp()
  const { pid, url } = await keep('relay', await child('relay', server('relay')))
  assert.equal(url, 'http://127.0.0.1:1/relay')
  process.kill(pid, 'SIGKILL')
  await until(() => said.includes('relay is back'))
  assert.deepEqual(said, ['relay ended (signal SIGKILL); starting it again at once.', 'relay is back'])
  assert.notEqual(state.notes[0]?.pid, pid)
  await supervisor.stopAll()
  assert.deepEqual(state.notes, [])
})

test('each further crash makes the wait longer, and half a minute of health forgets them', async () => {
  const clock = { ms: 0 }
  const { supervisor, keep, crash } = setUp({ now: () => clock.ms })
  await keep('weak', await child('weak', server('weak')))
  const ended = (when: string) => [`weak ended (signal SIGKILL); starting it again ${when}.`, 'weak is back']
  assert.deepEqual(await crash('weak'), ended('at once'))
  assert.deepEqual(await crash('weak'), ended('in 0.05 s'))
  clock.ms += 29_999
  assert.deepEqual(await crash('weak'), ended('in 0.1 s'))
  clock.ms += 30_000
  assert.deepEqual(await crash('weak'), ended('at once'))
  assert.deepEqual(await crash('weak'), ended('in 0.05 s'))
  await supervisor.stopAll()
})

test('a start that fails makes the wait longer, too', async () => {
  const { said, supervisor, keep } = setUp()
  const marker = join(folder, 'ran-before')
  const code = `
    import { existsSync, writeFileSync } from 'node:fs'
    if (existsSync(${JSON.stringify(marker)})) process.exit(4)
    writeFileSync(${JSON.stringify(marker)}, '')
    setInterval(() => 0, 1000)
    process.on('disconnect', () => process.exit(0))
    process.send({ type: 'ready' })`
  const { pid } = await keep('broken', await child('broken-later', code))
  process.kill(pid, 'SIGKILL')
  await until(() => said.length >= 4)
  const again = 'broken ended (it did not start: broken ended with exit code 4:); starting it again'
  assert.deepEqual(said.slice(0, 4), [
    'broken ended (signal SIGKILL); starting it again at once.',
    `${again} in 0.05 s.`,
    `${again} in 0.1 s.`,
    `${again} in 0.2 s.`,
  ])
  await supervisor.stopAll()
})

/** A database that stays away after its crash until `open` is called, and a worker that needs it. */
async function withDatabase() {
  const set = setUp()
  const gate: { wait: Promise<void>; open: () => void } = { wait: Promise.resolve(), open: () => undefined }
  await set.keep('database', await child('database', server('database')), { gate: () => gate.wait })
  gate.wait = new Promise((resolve) => (gate.open = resolve))
  await set.keep('worker', await child('worker', server('worker')), { needs: ['database'] })
  const kill = (name: string) => process.kill(set.state.notes.find((each) => each.name === name)?.pid ?? 0, 'SIGKILL')
  await until(() => set.state.notes.length === 2)
  return { ...set, gate, kill }
}

test('a crash while what it needs is down waits for that, and does not make the next wait longer', async () => {
  const { said, supervisor, crash, gate, kill } = await withDatabase()
  kill('database')
  await until(() => said.length === 1)
  kill('worker')
  await until(() => said.length === 2)
  gate.open()
  await until(() => said.length === 4)
  assert.deepEqual(said, [
    'database ended (signal SIGKILL); starting it again at once.',
    'worker ended (signal SIGKILL) while database was down; starting it again as soon as that is back.',
    'database is back',
    'worker is back',
  ])
  const ended = (when: string) => [`worker ended (signal SIGKILL); starting it again ${when}.`, 'worker is back']
  // Its own crashes count from here, although what it needs was down a moment ago.
  assert.deepEqual(await crash('worker'), ended('at once'))
  assert.deepEqual(await crash('worker'), ended('in 0.05 s'))
  await supervisor.stopAll()
})

test('a crash counts as one of the outage when what it needs is back already', async () => {
  const { said, supervisor, crash, gate } = await withDatabase()
  gate.open()
  await crash('database')
  await crash('worker')
  assert.deepEqual(said.slice(2), [
    'worker ended (signal SIGKILL) while database was down; starting it again as soon as that is back.',
    'worker is back',
  ])
  await supervisor.stopAll()
})

test('a service that waits for another one does not start any more once everything is stopped', async () => {
  const { said, state, supervisor, gate, kill } = await withDatabase()
  kill('database')
  await until(() => said.length === 1)
  kill('worker')
  await until(() => said.length === 2 && state.notes.length === 0)
  await supervisor.stopAll()
  gate.open()
  await sleep(100)
  assert.deepEqual([said.length, state.notes.length], [2, 0])
})

test('what a crashed process has left running is ended, too', { timeout: 60_000 }, async () => {
  const { said, supervisor, keep } = setUp()
  const code = `
    import { spawn } from 'node:child_process'
    const left = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' })
    setInterval(() => 0, 1000)
    process.on('disconnect', () => process.exit(0))
    process.send({ type: 'ready', url: String(left.pid) })`
  const { pid, url } = await keep('parent', await child('parent', code))
  const left = await identify(Number(url))
  assert.ok(await isAlive(left))
  process.kill(pid, 'SIGKILL')
  await until(() => said.includes('parent is back'))
  while (await isAlive(left)) await sleep(20)
  await supervisor.stopAll()
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
  await assert.rejects(keep('mute', mute, { readyTimeoutMs: 600 }), /mute was not ready within 0\.6 s/)
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

test('the first restart comes at once, and the wait before the others doubles up to half a minute', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 20].map((restarts) => backOff(restarts, 500)),
    [0, 500, 1000, 2000, 30_000],
  )
})
