import { randomBytes, randomInt } from 'node:crypto'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { botsFolderOf, likeThemselves } from './bots-folder.ts'
import { testSettings } from './settings.ts'
import { portGiver } from '../../infra/local/ports.ts'
import { startService } from '../../infra/local/processes/node-child.ts'
import type { Running } from '../../infra/local/processes/running.ts'
import {
  credentialVariables,
  findBots,
  loadSecrets,
  type Secrets,
  type StartedBot,
  writeSimulatorFiles,
} from '../../infra/local/start/apps.ts'
import { startTemporal, type TemporalServer } from '../../infra/local/temporal.ts'
import { type Db, openDatabase } from '../../store/db.ts'
import { createTestDatabase } from './database.ts'
import { takeNamespace } from './namespaces.ts'
import { type ServiceName, services } from './services.ts'

/** The whole product on free ports, every process a real one, with data of its own. */
export interface Stack {
  readonly urls: { readonly slack: string; readonly x: string; readonly api: string }
  readonly secrets: Secrets
  readonly db: Db
  readonly databaseUrl: string
  readonly blobsFolder: string
  /** Where the simulators write what they accept, before they acknowledge it. */
  readonly acceptedLogs: { readonly slack: string; readonly x: string }
  /** Where its workflows are. */
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** What every service is given as its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Starts a service that was stopped; `env` is added to its environment. `build`: the folder of another build than this one. */
  readonly start: (name: ServiceName, env?: Readonly<Record<string, string>>, build?: string) => Promise<void>
  readonly stop: (name: ServiceName) => Promise<void>
  /** `kill -9` of the service's whole process group. */
  readonly kill: (name: ServiceName) => Promise<void>
  /** Resolves when the service has ended by itself. */
  readonly ended: (name: ServiceName) => Promise<unknown>
  readonly runs: (name: ServiceName) => boolean
  /** The process of a service that runs. */
  readonly pidOf: (name: ServiceName) => number
  /** Stops the stack's own Temporal server; `startTemporal` starts it again on the same port, with its file or without. */
  readonly stopTemporal: () => Promise<void>
  readonly startTemporal: (options: { readonly keepFile: boolean }) => Promise<void>
  readonly close: () => Promise<void>
}

export interface StackOptions {
  readonly services?: readonly ServiceName[]
  /** Added to the environment of every service. */
  readonly env?: Readonly<Record<string, string>>
  /** A Temporal server of its own, which can be stopped, instead of a namespace of the one that all tests share. */
  readonly ownTemporal?: boolean
  /** The bots that there are, with accounts on the simulated platforms; `fedora-finder` when left out. */
  readonly bots?: readonly string[]
  /** A database instead of a copy of the template. */
  readonly databaseUrl?: string
  /** A folder of bots instead of one with these alone: fewer bots, fewer models in memory. */
  readonly botsFolder?: string
}

const allServices: readonly ServiceName[] = [
  'slack simulator',
  'x simulator',
  'api',
  'relay+conversations',
  'inference',
]
const readyTimeoutMs = 180_000

/** The variables that `npm start` would give to every service. */
function environmentOf(
  folder: string,
  parts: {
    readonly urls: Stack['urls']
    readonly databaseUrl: string
    readonly temporal: Stack['temporal']
    readonly secrets: Secrets
    readonly bots: readonly StartedBot[]
  },
) {
  const settings = testSettings()
  return {
    UNDERSTUDY_HOME: folder,
    BLOBS_URL: pathToFileURL(join(folder, 'blobs')).href,
    DATABASE_URL: parts.databaseUrl,
    TEMPORAL_ADDRESS: parts.temporal.address,
    TEMPORAL_NAMESPACE: parts.temporal.namespace,
    BACKBONE_WEIGHTS: settings.backboneWeights,
    TEXT_ENCODER: settings.textEncoder,
    STARTER_TITLES: settings.starterTitles,
    PORT: new URL(parts.urls.api).port,
    SLACK_API_URL: parts.urls.slack,
    X_API_URL: parts.urls.x,
    RECONCILE_SECONDS: '2',
    TF_NUM_INTRAOP_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...credentialVariables(parts.bots, parts.secrets, { slack: true, x: true }),
  }
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const settings = testSettings()
  const folder = join(settings.folder, `stack-${randomBytes(4).toString('hex')}`)
  await mkdir(folder, { recursive: true })
  await cp(fileURLToPath(settings.blobsUrl), join(folder, 'blobs'), { recursive: true })
  const database = options.databaseUrl
    ? { url: options.databaseUrl, drop: () => Promise.resolve() }
    : await createTestDatabase()
  const give = portGiver()
  // Below those that the system gives to connections, of which tests that run beside have many.
  const anyPort = () => give(randomInt(10_000, 32_000))
  const ports = {
    slack: await anyPort(),
    x: await anyPort(),
    api: await anyPort(),
    temporal: await anyPort(),
    ui: await anyPort(),
  }
  const urls = {
    slack: `http://127.0.0.1:${ports.slack}`,
    x: `http://127.0.0.1:${ports.x}`,
    api: `http://127.0.0.1:${ports.api}`,
  }
  const names = options.bots ?? ['fedora-finder']
  const botsFolder = options.botsFolder ?? (await botsFolderOf(likeThemselves(names)))
  const bots = (await findBots(botsFolder)).filter(({ name }) => names.includes(name))
  const { secrets } = await loadSecrets(folder, bots)
  const simulatorFiles = await writeSimulatorFiles(folder, { bots, secrets, apiUrl: urls.api })

  const noteIn = join(settings.folder, 'processes')
  let dbFile = 0
  const launchTemporal = () =>
    startTemporal({
      executable: settings.temporalExecutable,
      dbFile: join(folder, `temporal-${dbFile}.db`),
      port: ports.temporal,
      uiPort: ports.ui,
      headless: true,
      logFile: join(folder, 'temporal.log'),
      noteIn,
    })
  let ownTemporal = options.ownTemporal === true ? await launchTemporal() : undefined
  const temporal =
    ownTemporal === undefined
      ? { address: settings.temporalAddress, namespace: await takeNamespace() }
      : { address: ownTemporal.address, namespace: 'default' }
  const own = (): TemporalServer => {
    if (ownTemporal === undefined) throw new Error('the stack has no Temporal server of its own')
    return ownTemporal
  }
  const db = openDatabase(database.url, { poolSize: 4 })
  const env = {
    ...environmentOf(folder, { urls, databaseUrl: database.url, temporal, secrets, bots }),
    BOTS_FOLDER: botsFolder,
    ...options.env,
  }
  const argumentsOf = (name: ServiceName): string[] => {
    if (name !== 'slack simulator' && name !== 'x simulator') return [...services[name].args]
    const channel = name === 'x simulator' ? 'x' : 'slack'
    return [
      '--port',
      `${ports[channel]}`,
      '--data',
      join(folder, `${channel}-data`),
      '--secrets',
      simulatorFiles[channel],
    ]
  }
  const running = new Map<ServiceName, Running>()
  const runningService = (name: ServiceName): Running => {
    const service = running.get(name)
    if (service === undefined) throw new Error(`the service ${name} does not run`)
    return service
  }
  const start: Stack['start'] = async (name, extra = {}, build = '') => {
    const service = await startService(name, {
      file: join(build, services[name].file),
      args: argumentsOf(name),
      env: { ...env, ...extra },
      logFile: join(folder, `${name}.log`),
      readyTimeoutMs,
      noteIn,
    })
    running.set(name, service)
  }
  const end = async (name: ServiceName, how: 'stop' | 'kill') => {
    const service = runningService(name)
    running.delete(name)
    if (how === 'kill') service.kill()
    else await service.stop()
    await service.ended
  }
  const close = async () => {
    await Promise.all([...running.keys()].map((name) => end(name, 'kill')))
    await ownTemporal?.stop()
    await db.destroy()
    await database.drop()
  }
  const started = await Promise.allSettled((options.services ?? allServices).map((name) => start(name)))
  const failed = started.find((each) => each.status === 'rejected')
  if (failed) {
    // Nothing is left running, so that the test fails at once and not at its time limit.
    await close()
    throw failed.reason
  }
  return {
    urls,
    secrets,
    db,
    databaseUrl: database.url,
    blobsFolder: join(folder, 'blobs'),
    acceptedLogs: {
      slack: join(folder, 'slack-data', 'accepted.jsonl'),
      x: join(folder, 'x-data', 'accepted.jsonl'),
    },
    temporal,
    environment: env,
    start,
    stop: (name) => end(name, 'stop'),
    kill: (name) => end(name, 'kill'),
    ended: async (name) => {
      await runningService(name).ended
      running.delete(name)
    },
    runs: (name) => running.has(name),
    pidOf: (name) => runningService(name).pid,
    stopTemporal: () => own().stop(),
    startTemporal: async ({ keepFile }) => {
      if (!keepFile) dbFile += 1
      ownTemporal = await launchTemporal()
    },
    close,
  }
}
