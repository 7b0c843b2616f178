import { join } from 'node:path'
import { run } from '../processes/programs.ts'
import { repositoryRoot } from '../processes/node-child.ts'

/** One static check: a program of a package, run as it is. */
interface Check {
  readonly title: string
  readonly program: string
  readonly args: readonly string[]
  /** The arguments that put right what it finds. */
  readonly fix?: readonly string[]
}

/** What a check found of files that have not changed since is not looked for again; `npm ci` clears this. */
const cacheFolder = 'node_modules/.cache'
const compiler = (name: string, ...args: readonly string[]) => [
  '--noEmit',
  '--incremental',
  '--tsBuildInfoFile',
  `${cacheFolder}/tsc/${name}.json`,
  ...args,
]
const perFile = (name: string) => [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  `${cacheFolder}/${name}`,
]

/** What `npm test` checks beside the tests, in the order of the report. */
const checks: Readonly<Record<string, readonly Check[]>> = {
  typecheck: [
    { title: 'types', program: 'tsc', args: compiler('root') },
    { title: 'types of workflows', program: 'tsc', args: compiler('workflows', '-p', 'workflows') },
    { title: 'types of pages', program: 'tsc', args: compiler('web', '-p', 'web') },
  ],
  lint: [
    { title: 'lint', program: 'eslint', args: [...perFile('eslint.json'), '.'] },
    {
      title: 'lint with types',
      program: 'oxlint',
      args: ['--type-aware', '--ignore-pattern', 'test/guards/fixtures/**', '.'],
    },
  ],
  format: [
    {
      title: 'format',
      program: 'prettier',
      args: ['--check', ...perFile('prettier.json'), '.'],
      fix: ['--write', ...perFile('prettier.json'), '.'],
    },
  ],
  unused: [{ title: 'unused code', program: 'knip', args: ['--no-progress'] }],
}
export const checkNames = Object.keys(checks)

export interface CheckResult {
  readonly title: string
  readonly passed: boolean
  /** What the program printed when it failed. */
  readonly output: string
  readonly ms: number
}

/** Runs one check; never throws. */
async function runCheck({ title, program, args }: Check): Promise<CheckResult> {
  const start = Date.now()
  const path = join(repositoryRoot, 'node_modules', '.bin', program)
  const { code, stdout, stderr } = await run(path, args, { cwd: repositoryRoot, timeoutMs: 30 * 60_000 })
  return { title, passed: code === 0, output: `${stdout}${stderr}`.trimEnd(), ms: Date.now() - start }
}

/** Runs the named checks one after the other, handing out each result; each takes a processor by itself. */
export async function runChecks({
  names,
  fix = false,
  report,
}: {
  readonly names: readonly string[]
  /** Puts right what can be put right. */
  readonly fix?: boolean
  readonly report: (result: CheckResult) => void
}): Promise<boolean> {
  let passed = true
  for (const check of names.flatMap((name) => checks[name] ?? [])) {
    const result = await runCheck(fix && check.fix ? { ...check, args: check.fix } : check)
    report(result)
    passed &&= result.passed
  }
  return passed
}
