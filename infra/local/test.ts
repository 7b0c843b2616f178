import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { configOfThisProcess, inheritedEnvironment } from '../config.ts'
import { LocalProblem, reasonOf } from './problem.ts'
import { builtFolder, repositoryRoot, testFolder } from './processes/node-child.ts'
import { launch } from './processes/running.ts'
import { stopRequest } from './start/stop-request.ts'
import type { StopRequest } from './start/stop-request.ts'
import { checkNames, runChecks } from './test/checks.ts'
import type { CheckResult } from './test/checks.ts'
import { findTestFiles } from './test/files.ts'
import { prepareGround } from './test/ground.ts'
import type { Ground } from './test/ground.ts'

/** A file that has not ended by then hangs; nothing that works is near it, however slow the machine. */
const hangsAfterMs = 30 * 60_000
/** Most files wait now and then, so that more of them than processors go on side by side. */
const filesAtOnce = availableParallelism() + 1

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs the checks beside the tests; what they found is told after those, where a person looks first. */
async function check(): Promise<() => boolean> {
  const results: CheckResult[] = []
  await runChecks({ names: checkNames, report: (result) => results.push(result) })
  return () => {
    for (const { title, passed, output, ms } of results) {
      say(`${passed ? '✔' : '✖'} ${title.padEnd(20)} ${(ms / 1000).toFixed(1).padStart(6)} s`)
      if (!passed) say(output)
    }
    return results.every(({ passed }) => passed)
  }
}

/** Runs the files, each in a process of its own; resolves with whether all tests passed. */
async function runTests(files: readonly string[], ground: Ground, stop: StopRequest): Promise<boolean> {
  const program = join(builtFolder, 'infra/local/run-tests.js')
  const limits = ['--concurrency', `${filesAtOnce}`, '--timeout', `${hangsAfterMs}`]
  const built = files.map((file) => join(testFolder, file.replace(/\.ts$/, '.js')))
  const runner = await launch(process.execPath, [program, ...limits, ...built], {
    cwd: repositoryRoot,
    env: { ...inheritedEnvironment(), ...ground.environment },
    noteIn: ground.notes,
  })
  stop.onSecond(() => {
    runner.kill()
    ground.kill()
  })
  stop.signal.addEventListener('abort', runner.kill)
  return (await runner.ended) === 'exit code 0'
}

async function main(words: readonly string[], stop: StopRequest): Promise<boolean> {
  const start = Date.now()
  const unitOnly = words.includes('--unit')
  const patterns = words.filter((word) => word !== '--unit')
  const files = await findTestFiles(patterns, { unitOnly })
  const preparing = prepareGround(resolve(configOfThisProcess().home), { say, signal: stop.signal })
  preparing.catch(() => undefined)
  try {
    // Whoever runs some of the files is working on them, and wants to know about those alone.
    const isWhole = patterns.length === 0 && !unitOnly
    const checking = isWhole ? check() : Promise.resolve(() => true)
    const ground = await preparing
    say(`✔ servers and models are ready; ${files.length} test files`)
    const passed = await runTests(files, ground, stop)
    const checked = (await stop.orElse(checking))()
    const failed = [...(checked ? [] : ['checks']), ...(passed ? [] : ['tests'])]
    const seconds = Math.round((Date.now() - start) / 1000)
    say(`${failed.length === 0 ? '✔ all passed' : `✖ failed: ${failed.join(' and ')}`} in ${seconds} s`)
    return failed.length === 0
  } finally {
    await (await preparing.catch(() => undefined))?.remove()
  }
}

function explain(error: unknown): number {
  say(`✖ ${reasonOf(error)}\n  What to do: ${error instanceof LocalProblem ? error.next : 'see above'}`)
  return 1
}

const stop = stopRequest(process)
for (const output of [process.stdout, process.stderr]) stop.whenGone(output)
const code = await main(process.argv.slice(2), stop).then(
  (passed) => (stop.signal.aborted ? 130 : passed ? 0 : 1),
  (error: unknown) => (stop.isStop(error) ? 130 : explain(error)),
)
process.exit(code)
