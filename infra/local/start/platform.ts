import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { startPostgres } from '../postgres.ts'
import { runJob, startService } from '../processes/node-child.ts'
import type { NodeChildOptions } from '../processes/node-child.ts'
import type { Supervisor } from '../supervise.ts'
import { startTemporal } from '../temporal.ts'
import type { Narrator } from './narrator.ts'
import { tensorflowVariable } from './parts.ts'
import type { Parts } from './parts.ts'
import type { Plan } from './plan.ts'

export interface PlatformContext {
  readonly config: Config
  readonly plan: Plan
  readonly parts: Parts
  readonly supervisor: Supervisor
  readonly narrator: Narrator
}

/** What is known only once it runs. */
export interface Platform {
  readonly databaseUrl: string
  readonly temporalAddress: string
  /** The logs of accepted writes of the simulators, as they name them. */
  readonly acceptedLogs: { readonly slack: string | undefined; readonly x: string | undefined }
}

const bootMs = 5 * 60_000
const worker = (name: string, roles: string) => ({
  ...{ name, file: 'workers/main.js', args: ['--roles', roles] },
  needs: ['PostgreSQL', 'Temporal'],
})
/** On one machine several roles share a process: what talks, and what has TensorFlow. Production gives each role processes of its own. */
const conversations = worker('conversations', 'relay,conversations')
const models = worker('models', 'inference,learning,training')
/** Two models at work on two threads each are slower than on one, and one thread gives the same digits every time. */
const oneThread = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' }
/** A starter model trains in about a minute; slow machines get their time. */
const trainingMs = 15 * 60_000

/** Says how long something took, once it is done. */
async function timed<T>({ narrator }: PlatformContext, what: string, work: Promise<T>): Promise<T> {
  const start = Date.now()
  const result = await work
  narrator.say(`  ${what.padEnd(34)} ${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s`)
  return result
}

async function database(context: PlatformContext): Promise<string> {
  const { config, plan, parts, supervisor, narrator } = context
  if (config.databaseUrl !== undefined) return config.databaseUrl
  const binaries = await parts.postgres
  if (!binaries) throw new Error('PostgreSQL was not provisioned')
  const logFile = join(plan.home, 'logs', 'postgres.log')
  const options = {
    binaries,
    dataFolder: join(plan.home, 'postgres'),
    port: plan.ports.postgres,
    logFile,
    say: narrator.say,
  }
  const start = (onSpawn: Parameters<Parameters<Supervisor['keep']>[0]['start']>[0]) =>
    startPostgres({ ...options, onSpawn })
  const server = await timed(
    context,
    'PostgreSQL',
    supervisor.keep({ name: 'PostgreSQL', logFile, stopSignal: 'SIGINT', start }),
  )
  return server.url
}

async function temporal(context: PlatformContext): Promise<string> {
  const { config, plan, parts, supervisor, narrator } = context
  if (config.temporal.address !== undefined) return config.temporal.address
  const found = await parts.temporal
  if (!found) throw new Error('Temporal was not provisioned')
  const logFile = join(plan.home, 'logs', 'temporal.log')
  const ports = { port: plan.ports.temporal, uiPort: plan.ports.temporalUi }
  const options = { ...found, ...ports, dbFile: join(plan.home, 'temporal', 'temporal.db'), logFile, say: narrator.say }
  const kept = supervisor.keep({
    name: 'Temporal',
    logFile,
    start: (onSpawn) => startTemporal({ ...options, onSpawn }),
  })
  return (await timed(context, 'Temporal', kept)).address
}

type ChildPlan = Pick<NodeChildOptions, 'file' | 'args' | 'env'> & {
  readonly name: string
  /** Services without which its crashes are not its own fault. */
  readonly needs?: readonly string[]
  readonly readyTimeoutMs?: number
}

function childOptions({ plan, narrator }: PlatformContext, child: ChildPlan) {
  const logFile = join(plan.home, 'logs', `${child.name}.log`)
  const onProgress = (text: string) => narrator.status(`  ${child.name}: ${text}`)
  const env = { ...plan.environment, ...child.env }
  return {
    file: child.file,
    args: child.args ?? [],
    env,
    logFile,
    readyTimeoutMs: child.readyTimeoutMs ?? bootMs,
    onProgress,
  }
}

function service(context: PlatformContext, child: ChildPlan) {
  const options = childOptions(context, child)
  const start = context.supervisor.keep({
    name: child.name,
    logFile: options.logFile,
    needs: child.needs ?? [],
    start: (onSpawn) => startService(child.name, { ...options, onSpawn }),
  })
  return timed(context, child.name, start)
}

function job(context: PlatformContext, child: ChildPlan) {
  const options = childOptions(context, child)
  const start = context.supervisor.once({
    name: child.name,
    logFile: options.logFile,
    start: (onSpawn) => runJob(child.name, { ...options, onSpawn }),
  })
  return timed(context, child.name, start)
}

async function simulator(context: PlatformContext, platform: 'slack' | 'x'): Promise<string | undefined> {
  const { plan } = context
  if (!plan.simulated[platform]) return undefined
  const data = join(plan.home, 'simulators', platform)
  await mkdir(data, { recursive: true })
  const args = ['--port', String(plan.ports[platform]), '--data', data, '--secrets', plan.simulatorFiles[platform]]
  const started = await service(context, {
    name: `${platform}-simulator`,
    file: `simulators/${platform}/main.js`,
    args,
    env: {},
  })
  return started.log ?? data
}

/**
 * Starts everything, side by side where one does not need the other: servers and simulators; migrations; then the doors, the
 * relay and the workers, of which those that score wait for the first bot's model.
 * @throws LocalProblem for the first part that does not start.
 */
export async function startPlatform(context: PlatformContext): Promise<Platform> {
  const { config, parts } = context
  const migrated = database(context).then(async (databaseUrl) => {
    await job(context, { name: 'migrate', file: 'workers/migrate.js', env: { DATABASE_URL: databaseUrl } })
    return databaseUrl
  })
  const temporalAnswers = temporal(context)
  const simulators = [simulator(context, 'slack'), simulator(context, 'x')] as const
  await Promise.all([migrated, temporalAnswers, ...simulators])
  const [databaseUrl, temporalAddress] = [await migrated, await temporalAnswers]
  const env = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress }
  const modelled = async () => {
    const [weights, texts, backend] = [await parts.weights, await parts.texts, await parts.tensorflow]
    const model = {
      ...env,
      BACKBONE_WEIGHTS: weights,
      TEXT_ENCODER: texts.encoder,
      STARTER_TITLES: texts.titles,
      TENSORFLOW: tensorflowVariable(config, backend),
    }
    const args = ['--ready-after-first']
    await job(context, { name: 'starter', file: 'workers/starter.js', args, env: model, readyTimeoutMs: trainingMs })
    await service(context, { ...models, env: { ...model, ...oneThread } })
  }
  await Promise.all([
    service(context, { name: 'api', file: 'api/main.js', env }),
    service(context, { ...conversations, env }),
    modelled(),
  ])
  return { databaseUrl, temporalAddress, acceptedLogs: { slack: await simulators[0], x: await simulators[1] } }
}
