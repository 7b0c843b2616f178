import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { configOfThisProcess, inheritedEnvironment } from '../config.ts'
import { LocalProblem, reasonOf } from './problem.ts'
import { repositoryRoot } from './processes/node-child.ts'
import { prepareGround } from './test/ground.ts'

/** Where the programs of each word are; a program is a file there, called by its name. */
const folders: Readonly<Record<string, string>> = { story: 'test/stories', bench: 'bench', prove: 'bench/prove' }

async function namesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(repositoryRoot, folder)).catch(() => [])
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
    .toSorted()
}

function runFile(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(repositoryRoot, file), ...args], {
      cwd: repositoryRoot,
      env: { ...inheritedEnvironment(), ...environment },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    process.once('disconnect', () => child.kill('SIGTERM'))
    child.once('error', failed)
    child.once('exit', (code) => done(code ?? 1))
  })
}

async function main([word = '', name = '', ...args]: readonly string[]): Promise<number> {
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
  const ground = await prepareGround(resolve(configOfThisProcess().home), say)
  try {
    return await runFile(`${folder}/${name}.ts`, args, ground.environment)
  } finally {
    await ground.remove()
  }
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${reasonOf(error)}\n  What to do: ${error instanceof LocalProblem ? error.next : 'see above'}\n`,
  )
  return 1
})
process.exit(code)
