import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../infra/local/ports.ts'
import { builtFolder, runJob, startService } from '../../infra/local/processes/node-child.ts'
import { run } from '../../infra/local/processes/programs.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { takeNamespace } from '../../test/support/namespaces.ts'
import { testSettings } from '../../test/support/settings.ts'

const roles = ['relay', 'conversations', 'inference', 'learning', 'training'] as const
const limitMs = 10 * 60_000

/** What an image holds: `dist/` in an empty folder, and the packages that production needs. */
async function install(folder: string): Promise<void> {
  const tests = join(builtFolder, 'test')
  await cp(builtFolder, folder, { recursive: true, filter: (path) => path !== tests })
  const npm = ['ci', '--omit=dev', '--no-audit', '--no-fund']
  const { code, stderr } = await run('npm', npm, { cwd: folder, timeoutMs: limitMs })
  if (code !== 0) throw new Error(`npm ${npm.join(' ')} did not work: ${stderr.slice(-600)}`)
}

async function environmentIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const settings = testSettings()
  return {
    UNDERSTUDY_HOME: join(folder, 'data'),
    BLOBS_URL: pathToFileURL(join(folder, 'blobs')).href,
    TEMPORAL_ADDRESS: settings.temporalAddress,
    TEMPORAL_NAMESPACE: await takeNamespace(),
    BACKBONE_WEIGHTS: settings.backboneWeights,
    TEXT_ENCODER: settings.textEncoder,
    PORT: `${await freePort(0)}`,
    // Its native library is no npm package; here it is enough that the roles find everything of ours.
    TENSORFLOW: 'wasm',
  }
}

/** In an empty folder: `npm ci --omit=dev`, the migrations, and every process that production has, each by itself. */
async function prove(say: (line: string) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-production-'))
  const database = await createTestDatabase({ empty: true })
  const started: Record<string, boolean> = {}
  try {
    await install(folder)
    say('installed what production needs')
    const env = { ...(await environmentIn(folder)), DATABASE_URL: database.url }
    const optionsOf = (name: string, program: string, args: readonly string[] = []) => ({
      ...{ file: join(folder, program), args, env, readyTimeoutMs: limitMs },
      logFile: join(folder, `${name}.log`),
      noteIn: join(testSettings().folder, 'processes'),
    })
    const services = [
      ['api', optionsOf('api', 'api/main.js')],
      ...roles.map((role) => [role, optionsOf(role, 'workers/main.js', ['--roles', role])] as const),
    ] as const
    await runJob('migrate', optionsOf('migrate', 'workers/migrate.js'))
    for (const [name, options] of services) {
      const failure = await startService(name, options).then(
        async (service) => service.stop(),
        (error: unknown) => (error instanceof Error ? error : new Error('it did not start')),
      )
      started[name] = failure === undefined
      say(`${name}: ${failure === undefined ? 'ready' : failure.message}`)
    }
  } finally {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  return { proof: 'production', started, ok: Object.values(started).every(Boolean) }
}

export async function main(): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: 'string' }, json: { type: 'boolean', default: false } } })
  const result = await prove((line) => console.error(line))
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
  process.exit(result.ok ? 0 : 1)
}
