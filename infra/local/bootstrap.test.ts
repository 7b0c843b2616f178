import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { run } from './processes/programs.ts'

const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url))
const call = (...args: readonly string[]) => run(process.execPath, [bootstrap, ...args], { timeoutMs: 60_000 })

test('a word that is no command is told which ones there are, with exit code 2', async () => {
  const { code, stderr } = await call('perform')
  assert.equal(code, 2)
  assert.match(stderr, /no command perform.\nCommands: start, test, story, bench, prove/)
})

test('an unknown flag of start shows the usage, with exit code 2', async () => {
  const { code, stderr } = await call('start', '--bogus')
  assert.equal(code, 2)
  assert.match(stderr, /--bogus[\s\S]*npm start \[-- --once\]/)
})

test('a bench that does not exist is told which ones do, with exit code 2', async () => {
  const { code, stderr } = await call('bench', 'no-such-bench')
  assert.equal(code, 2)
  assert.match(stderr, /There is no bench called no-such-bench\. There are: /)
})
