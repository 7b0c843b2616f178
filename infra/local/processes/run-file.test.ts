import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { identify, isAlive } from './identity.ts'
import { claim, readRunFile, stopOrphans, writeRunFile } from './run-file.ts'
import { launch } from './running.ts'

const home = () => temporaryFolder('run-file-test')

async function sleeper(folder: string) {
  return await launch(process.execPath, ['-e', 'setTimeout(() => 0, 60000)'], { logFile: join(folder, 'log') })
}

test('a data folder is held by one process at a time and free after its release', async () => {
  const folder = await home()
  const first = await claim(folder)
  assert.equal(first.won, true)
  assert.deepEqual(await claim(folder), { won: false, pid: process.pid })
  await first.release()
  assert.equal((await claim(folder)).won, true)
})

test('the lock of a process that is gone is taken over, and so is a damaged one', async () => {
  const folder = await home()
  await writeFile(join(folder, 'run.lock'), JSON.stringify({ pid: process.pid, started: 'another time' }))
  const claimed = await claim(folder)
  assert.equal(claimed.won, true)
  await writeFile(join(folder, 'run.lock'), '{')
  assert.equal((await claim(folder)).won, true)
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
