import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { programOf } from '../../../test/support/program-of.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { identify, isAlive } from './identity.ts'
import { claim, readRunFile, stopOrphans, writeRunFile } from './run-file.ts'
import { launch } from './running.ts'

const home = () => temporaryFolder('run-file-test')

async function sleeper(folder: string) {
  return await launch(process.execPath, ['-e', 'setTimeout(() => 0, 60000)'], { logFile: join(folder, 'log') })
}

/** Claims the folder for this process until the test ends; without a release, the removed folder would count as a lost lock. */
async function hold(context: TestContext, folder: string) {
  const claimed = await claim(folder)
  assert.ok(claimed.won)
  context.after(claimed.release)
}

test('a data folder is held by one process at a time and free after its release', async (context) => {
  const folder = await home()
  const first = await claim(folder)
  assert.ok(first.won)
  assert.deepEqual(await claim(folder), { won: false, pid: process.pid })
  await first.release()
  await hold(context, folder)
})

test('what a process that is gone has noted is no lock, and neither is a damaged note', async (context) => {
  const notes = [JSON.stringify({ pid: process.pid, started: 'another time' }), '{']
  for (const note of notes) {
    const folder = await home()
    await writeFile(join(folder, 'run.lock'), note)
    await hold(context, folder)
  }
})

/** A process that claims the folder, says what it found, and stays. */
function claimant(context: TestContext, folder: string) {
  const source = `import { claim } from ${JSON.stringify(fileURLToPath(new URL('run-file.ts', import.meta.url)))}
    const { won, pid } = await claim(${JSON.stringify(folder)})
    console.log(JSON.stringify({ won, pid }))
    setInterval(() => 0, 60_000)`
  const child = spawn(process.execPath, programOf(source), { stdio: ['ignore', 'pipe', 'ignore'] })
  context.after(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  return {
    child,
    found: async () => JSON.parse(String((await once(child.stdout, 'data'))[0])) as { won: boolean; pid?: number },
    ended: async () => (await ended)[1] as NodeJS.Signals | null,
  }
}

test('the lock of a killed process is taken over within seconds', async (context) => {
  const folder = await home()
  const killed = claimant(context, folder)
  assert.equal((await killed.found()).won, true)
  assert.deepEqual(await claim(folder), { won: false, pid: killed.child.pid })
  killed.child.kill('SIGKILL')
  await killed.ended()
  await hold(context, folder)
})

test('a suspended process keeps its lock', async (context) => {
  const folder = await home()
  const suspended = claimant(context, folder)
  await suspended.found()
  suspended.child.kill('SIGSTOP')
  // As if it had been suspended for an hour.
  await utimes(join(folder, 'run.lock.lock'), new Date(0), new Date(0))
  assert.deepEqual(await claim(folder), { won: false, pid: suspended.child.pid })
})

test('of several that come at the same time one wins, and the others are told who', async (context) => {
  const folder = await home()
  const all = [1, 2, 3, 4].map(() => claimant(context, folder))
  const found = await Promise.all(all.map((each) => each.found()))
  const winner = all[found.findIndex(({ won }) => won)]
  assert.deepEqual(
    found.filter(({ won }) => !won),
    Array.from({ length: 3 }, () => ({ won: false, pid: winner?.child.pid })),
  )
})

test('a process whose lock was removed stops, because another one may have the folder', async (context) => {
  const folder = await home()
  const robbed = claimant(context, folder)
  await robbed.found()
  await rm(join(folder, 'run.lock.lock'), { recursive: true })
  assert.equal(await robbed.ended(), 'SIGTERM')
})

test('an orphan that matches its note in pid and start time is stopped', async () => {
  const folder = await home()
  const orphan = await sleeper(folder)
  const note = { name: 'orphan', ...(await identify(orphan.pid)), log: '', stopSignal: 'SIGTERM' } as const
  assert.deepEqual(await stopOrphans([note], 2000), ['orphan'])
  assert.equal(await orphan.ended, 'signal SIGTERM')
  assert.equal(await isAlive(note), false)
})

test('a stranger who got the pid of a noted process is left alone', async () => {
  const folder = await home()
  const stranger = await sleeper(folder)
  const note = { name: 'gone', pid: stranger.pid, started: 'earlier', log: '', stopSignal: 'SIGTERM' } as const
  assert.deepEqual(await stopOrphans([note], 2000), [])
  assert.equal(await isAlive(await identify(stranger.pid)), true)
  await stranger.stop()
})

test('run.json is readable by its owner alone, keeps what it does not know, and may be damaged', async () => {
  const folder = await home()
  await writeRunFile(folder, {
    supervisor: null,
    urls: { api: 'http://127.0.0.1:8080' },
    processes: [],
    adminToken: 'secret',
  })
  assert.equal((await stat(join(folder, 'run.json'))).mode & 0o777, 0o600)
  assert.equal((await readRunFile(folder))?.['adminToken'], 'secret')
  await writeFile(join(folder, 'run.json'), 'half')
  assert.equal(await readRunFile(folder), undefined)
})
