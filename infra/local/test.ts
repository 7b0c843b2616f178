import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { configOfThisProcess, inheritedEnvironment } from '../config.ts'
import { LocalProblem, reasonOf } from './problem.ts'
import { repositoryRoot } from './processes/node-child.ts'
import { stopRequest } from './start/stop-request.ts'
import type { StopRequest } from './start/stop-request.ts'
import { runChecks } from './test/checks.ts'
import type { CheckResult } from './test/checks.ts'
import { findTestFiles } from './test/files.ts'
import { prepareGround } from './test/ground.ts'
import type { Ground } from './test/ground.ts'

/** Longer than the whole budget of DESIGN.md §8: what has not ended by then hangs. */
const allTestsMs = 25 * 60_000
const oneTestMs = 10 * 60_000

const say = (line: string) => process.stdout.write(`${line}\n`)

function report({ title, passed, output, ms }: CheckResult): void {
  say(`${passed ? '✔' : '✖'} ${title.padEnd(20)} ${(ms / 1000).toFixed(1).padStart(6)} s`)
  if (!passed) say(output)
}

/** Runs the files, each in a process of its own, three at a time, because most wait now and then; resolves with the exit code of the runner. */
function runTests(files: readonly string[], ground: Ground, stop: StopRequest): Promise<number> {
  const limits = ['--test-concurrency=3', `--test-timeout=${oneTestMs}`]
  const reporter = ['--test-reporter=spec', '--test-reporter-destination=stdout']
  const runner = spawn(process.execPath, ['--import', 'tsx', '--test', ...limits, ...reporter, ...files], {
    cwd: repositoryRoot,
    env: { ...inheritedEnvironment(), ...ground.environment },
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, so that a hanging test can be ended with all that it started.
    detached: true,
  })
  const end = () => {
    try {
      if (runner.pid !== undefined) process.kill(-runner.pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
  stop.onSecond(() => {
    end()
    ground.kill()
  })
  stop.signal.addEventListener('abort', end)
  const timer = setTimeout(() => {
    say(`✖ the tests took longer than ${allTestsMs / 60_000} minutes and were ended`)
    end()
  }, allTestsMs)
  return new Promise((done, failed) => {
    runner.once('error', failed)
    runner.once('exit', (code) => {
      clearTimeout(timer)
      done(code ?? 1)
    })
  })
}

async function main(patterns: readonly string[], stop: StopRequest): Promise<number> {
  const start = Date.now()
  const files = await findTestFiles(patterns)
  const home = resolve(configOfThisProcess().home)
  const preparing = prepareGround(home, say)
  preparing.catch(() => undefined)
  // Whoever runs single files is working on them, and wants to know about those alone.
  const checked = patterns.length > 0 || (await stop.orElse(runChecks(report)))
  const ground = await preparing
  try {
    say(`✔ servers and models are ready; ${files.length} test files`)
    const code = await runTests(files, ground, stop)
    say(
      `${code === 0 && checked ? '✔ all passed' : `✖ failed: ${[checked ? '' : 'checks', code === 0 ? '' : 'tests'].filter(Boolean).join(' and ')}`} in ${Math.round((Date.now() - start) / 1000)} s`,
    )
    return code === 0 && checked ? 0 : 1
  } finally {
    await ground.remove()
  }
}

function explain(error: unknown): number {
  say(`✖ ${reasonOf(error)}\n  What to do: ${error instanceof LocalProblem ? error.next : 'see above'}`)
  return 1
}

const stop = stopRequest(process)
for (const output of [process.stdout, process.stderr]) stop.whenGone(output)
const code = await main(process.argv.slice(2), stop).catch((error: unknown) =>
  stop.isStop(error) ? 130 : explain(error),
)
process.exit(code)
