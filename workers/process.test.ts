import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inheritedEnvironment } from '../infra/config.ts'
import { launch } from '../infra/local/processes/running.ts'
import { programOf } from '../test/support/program-of.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'

const folder = await temporaryFolder('process-test')
const moduleAt = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))

/** Starts a process that does `start`. @returns it, and its log's messages as they are now. */
async function startProcess(name: string, start: string) {
  const logFile = join(folder, `${name}.log`)
  const program = programOf(`
    import { runProcess } from ${moduleAt('process.ts')}
    import { untilItAnswers } from ${moduleAt('../infra/until-it-answers.ts')}
    await runProcess(${JSON.stringify(name)}, async (context) => { ${start} })`)
  const env = { ...inheritedEnvironment(), LOG_LEVEL: 'info' }
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const running = await launch(process.execPath, program, { cwd, env, logFile })
  const messages = async () =>
    (await readFile(logFile, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly msg: string }).msg)
  return { running, messages }
}

test('a process that waits for a server at its start stops as soon as it is asked, and that is no failure', async () => {
  const ask = `() => Promise.reject(new Error('down'))`
  const start = `await untilItAnswers({ name: 'The server', ask: ${ask}, isOutage: () => true }, context); return {}`
  const { running, messages } = await startProcess('waiting', start)
  while ((await messages()).length === 0) await sleep(20)
  await running.stop(60_000)
  assert.equal(await running.ended, 'exit code 0')
  assert.deepEqual(await messages(), ['The server does not answer; waiting for it', 'stopping'])
})

test('a start that fails ends the process with its code', async () => {
  const { running, messages } = await startProcess('broken', `throw new TypeError('no')`)
  assert.equal(await running.ended, 'exit code 1')
  assert.deepEqual(await messages(), ['the process cannot go on', 'stopping'])
})
