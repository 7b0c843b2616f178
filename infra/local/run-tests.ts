import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'

/*
 * Runs test files in the order in which they are named, each in a process of its own, with the report of Node's test runner. `node --test`
 * sorts what it is given, and then the longest file may begin last.
 */

const { values, positionals: files } = parseArgs({
  options: { concurrency: { type: 'string' }, timeout: { type: 'string' } },
  allowPositionals: true,
})
const tests = run({ files, concurrency: Number(values.concurrency), timeout: Number(values.timeout) })
tests.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1
})
tests.pipe(new spec()).pipe(process.stdout)
