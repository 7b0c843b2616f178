import { setTimeout as sleep } from 'node:timers/promises'
import { LocalProblem } from '../problem.ts'
import { lastLines, run } from '../processes/programs.ts'

/** What workflows are found by in the Temporal UI, all of type Keyword; ids only. */
export const searchAttributes = ['Bot', 'Channel', 'Outcome', 'ModelVersion', 'Stage'] as const

/** How long finished workflows can be looked at. */
const retention = { words: '30d', seconds: 30 * 24 * 3600 }

interface Target {
  readonly executable: string
  readonly port: number
}

/** The machine's own Temporal profile must not lead us to another server. */
const aside = ['--disable-config-file', '--disable-config-env', '--namespace', 'default', '--command-timeout', '10s']

const operate = (target: Target, args: readonly string[]) =>
  run(target.executable, ['operator', ...args, '--address', `127.0.0.1:${target.port}`, ...aside], {
    timeoutMs: 15_000,
  })

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

/** Seconds of retention in the answer of `operator namespace describe -o json`; `undefined` when it cannot be read. */
export function retentionOf(answer: string): number | undefined {
  const config = field(JSON.parse(answer), 'config')
  const text = field(config, 'workflowExecutionRetentionTtl')
  return typeof text === 'string' && /^\d+(?:\.0+)?s$/.test(text) ? Number.parseInt(text, 10) : undefined
}

async function missingAttributes(target: Target): Promise<readonly string[]> {
  const listed = await operate(target, ['search-attribute', 'list', '-o', 'json'])
  return searchAttributes.filter((name) => !listed.stdout.includes(`"${name}"`))
}

/** The flag of the server does nothing for a namespace that its file already holds, so what is missing is added here. */
async function addMissingAttributes(target: Target): Promise<void> {
  const missing = await missingAttributes(target)
  if (missing.length === 0) return
  // Each name needs a type of its own: with one type for several names the CLI adds the first name and reports success.
  const names = missing.flatMap((name) => ['--name', name, '--type', 'Keyword'])
  const made = await operate(target, ['search-attribute', 'create', ...names])
  const left = await missingAttributes(target)
  if (left.length > 0)
    throw new LocalProblem(
      `the search attributes ${left.join(', ')} could not be made: ${lastLines(made.stderr)}`,
      'move the Temporal file away: unfinished work is started again from PostgreSQL',
    )
}

/**
 * Waits until the default namespace answers; where the server's file is kept, also sees to attributes and retention.
 * @returns `false` when it did not answer in time.
 */
export async function prepareNamespace(
  target: Target,
  options: { readonly keep: boolean; readonly timeoutMs: number },
): Promise<boolean> {
  const start = Date.now()
  let described = await operate(target, ['namespace', 'describe', '-o', 'json'])
  while (described.code !== 0 && Date.now() - start < options.timeoutMs) {
    await sleep(50)
    described = await operate(target, ['namespace', 'describe', '-o', 'json'])
  }
  if (described.code !== 0) return false
  if (!options.keep) return true
  const short = retentionOf(described.stdout) !== retention.seconds
  await Promise.all([
    addMissingAttributes(target),
    short ? operate(target, ['namespace', 'update', '--retention', retention.words]) : undefined,
  ])
  return true
}
