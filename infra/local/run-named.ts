import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { configOfThisProcess, inheritedEnvironment } from '../config.ts'
import { LocalProblem, reasonOf } from './problem.ts'
import { repositoryRoot, testFolder } from './processes/node-child.ts'
import { launch } from './processes/running.ts'
import { stopRequest } from './start/stop-request.ts'
import type { StopRequest } from './start/stop-request.ts'
import { prepareGround } from './test/ground.ts'
import type { Ground } from './test/ground.ts'

/** Where the programs of each word are; a program is a file there, called by its name. */
const folders: Readonly<Record<string, string>> = { story: 'test/stories', bench: 'bench', prove: 'bench/prove' }

async function namesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(testFolder, folder)).catch(() => [])
  return files
    .filter((file) => file.endsWith('.js') && !file.endsWith('.test.js'))
    .map((file) => file.slice(0, -3))
    .toSorted()
}

/** The program, in a process of its own; resolves with its exit code. */
async function runFile(file: string, args: readonly string[], ground: Ground, stop: StopRequest): Promise<number> {
  const program = [join(repositoryRoot, 'infra/local/run-program.mjs'), join(testFolder, file), ...args]
  const child = await launch(process.execPath, program, {
    cwd: repositoryRoot,
    env: { ...inheritedEnvironment(), ...ground.environment },
    noteIn: ground.notes,
  })
  stop.onSecond(() => {
    child.kill()
    ground.kill()
  })
  stop.signal.addEventListener('abort', () => child.kill())
  const ending = await child.ended
  return stop.signal.aborted ? 130 : Number(/^exit code (\d+)$/.exec(ending)?.[1] ?? 1)
}

async function main([word = '', name = '', ...args]: readonly string[], stop: StopRequest): Promise<number> {
  const folder = folders[word]
  const names = folder === undefined ? [] : await namesIn(folder)
  if (folder === undefined || !names.includes(name)) {
    process.stderr.write(
      `${name === '' ? 'Say which one' : `There is no ${word} called ${name}`}. There are: ${names.join(', ') || 'none yet'}\n`,
    )
    process.stderr.write(`  npm run ${word} -- <name> [arguments]\n`)
    return 2
  }
  // Everything a story, bench or proof may need is there before it starts, so that its times are its own.
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const ground = await prepareGround(resolve(configOfThisProcess().home), { say, signal: stop.signal })
  try {
    return await runFile(`${folder}/${name}.js`, args, ground, stop)
  } finally {
    await ground.remove()
  }
}

const stop = stopRequest(process)
const code = await main(process.argv.slice(2), stop).catch((error: unknown) => {
  process.stderr.write(
    `${reasonOf(error)}\n  What to do: ${error instanceof LocalProblem ? error.next : 'see above'}\n`,
  )
  return 1
})
process.exit(code)
