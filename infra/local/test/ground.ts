import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { configOfThisProcess } from '../../config.ts'
import { freePort } from '../ports.ts'
import { removeCluster, startPostgres } from '../postgres.ts'
import { identify, isAlive, type ProcessIdentity } from '../processes/identity.ts'
import { runJob } from '../processes/node-child.ts'
import { readRunFile, stopOrphans, writeRunFile } from '../processes/run-file.ts'
import { provisionParts, tensorflowVariable } from '../start/parts.ts'
import { createSupervisor, type Supervisor } from '../supervise.ts'
import { startTemporal } from '../temporal.ts'

/** What the tests stand on, and how to take it away again. */
export interface Ground {
  /** Variables for the test processes. */
  readonly environment: Readonly<Record<string, string>>
  /** A folder in which whoever starts a process notes it, so that it is stopped at the end at the latest. */
  readonly notes: string
  readonly remove: () => Promise<void>
  readonly kill: () => void
}

/** Namespaces of the shared Temporal server; each test file and each stack takes one of its own. */
const namespaces = Array.from({ length: 60 }, (_, index) => `test-${index}`)

const notesIn = (folder: string) => join(folder, 'processes')

/** Stops whatever is noted there. A note that cannot be read is of a process that has not begun. */
async function stopNoted(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    if (text === '') continue
    const identity = JSON.parse(text) as ProcessIdentity
    await stopOrphans([{ ...identity, name, log: '', stopSignal: 'SIGKILL' }], 2000)
  }
}

/** Folders of test runs that were killed: their processes are stopped, their files removed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name)
    const file = await readRunFile(folder)
    if (file?.supervisor && (await isAlive(file.supervisor))) continue
    await stopNoted(notesIn(folder))
    await stopOrphans(file?.processes ?? [], 2000)
    await removeCluster(join(folder, 'postgres'))
    await rm(folder, { recursive: true, force: true })
  }
}

/** The servers that all tests share: PostgreSQL with a database per test file, Temporal with a namespace for each. */
async function startServers(
  supervisor: Supervisor,
  folder: string,
  parts: {
    readonly binaries: Parameters<typeof startPostgres>[0]['binaries']
    readonly temporal: { readonly executable: string }
  },
) {
  const [postgresLog, temporalLog] = [join(folder, 'postgres.log'), join(folder, 'temporal.log')]
  // Any free ports: two runs that start together would both find the same preferred one free.
  const [postgresPort, temporalPort] = [await freePort(0), await freePort(0)]
  const postgres = supervisor.keep({
    name: 'PostgreSQL',
    logFile: postgresLog,
    stopSignal: 'SIGINT',
    start: (onSpawn) =>
      startPostgres({
        binaries: parts.binaries,
        dataFolder: join(folder, 'postgres'),
        port: postgresPort,
        logFile: postgresLog,
        settings: { max_connections: '400' },
        onSpawn,
      }),
  })
  const temporal = supervisor.keep({
    name: 'Temporal',
    logFile: temporalLog,
    start: (onSpawn) =>
      startTemporal({
        ...parts.temporal,
        port: temporalPort,
        uiPort: 0,
        headless: true,
        namespaces,
        logFile: temporalLog,
        onSpawn,
      }),
  })
  return { databaseUrl: (await postgres).url, temporalAddress: (await temporal).address }
}

/** Makes the database that every test file copies: the schema, and the starter models with their blobs. */
async function makeTemplate(
  url: string,
  options: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
  say: (line: string) => void,
): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query('create database understudy_template')
  await admin.end()
  const template = new URL(url)
  template.pathname = '/understudy_template'
  const env = { ...options.env, DATABASE_URL: template.href }
  for (const name of ['migrate', 'starter'])
    await runJob(name, {
      file: `workers/${name}.js`,
      env,
      logFile: join(options.folder, `${name}.log`),
      noteIn: notesIn(options.folder),
      readyTimeoutMs: 30 * 60_000,
      onProgress: (text) => say(`  ${text}`),
    })
}

/**
 * Provisions everything, and starts the servers of this run.
 * @throws LocalProblem when a part cannot be had, and whatever fails when `signal` ends it; nothing is left then.
 */
export async function prepareGround(
  home: string,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<Ground> {
  const config = configOfThisProcess()
  const parts = provisionParts(
    { ...config, databaseUrl: undefined, temporal: { ...config.temporal, address: undefined } },
    { home, say },
  )
  const parent = join(home, 'test')
  await removeAbandoned(parent)
  const folder = join(parent, `run-${process.pid}-${Date.now()}`)
  await mkdir(folder, { recursive: true })
  const supervisor = createSupervisor({
    say,
    note: async (processes) =>
      writeRunFile(folder, { supervisor: await identify(process.pid), urls: {}, processes: [...processes] }),
  })
  const remove = async () => {
    await stopNoted(notesIn(folder))
    await supervisor.stopAll()
    await removeCluster(join(folder, 'postgres'))
    await rm(folder, { recursive: true, force: true })
  }
  signal.addEventListener('abort', () => void remove().catch(() => undefined))
  try {
    const [binaries, temporal] = [await parts.postgres, await parts.temporal]
    if (!binaries || !temporal) throw new Error('the servers were not provisioned')
    const { databaseUrl, temporalAddress } = await startServers(supervisor, folder, { binaries, temporal })
    const blobsUrl = pathToFileURL(join(folder, 'blobs')).href
    const [backbone, texts] = [await parts.weights, await parts.texts]
    const tensorflow = tensorflowVariable(config, await parts.tensorflow)
    const env = {
      UNDERSTUDY_HOME: home,
      BACKBONE_WEIGHTS: backbone,
      TEXT_ENCODER: texts.encoder,
      STARTER_TITLES: texts.titles,
      TENSORFLOW: tensorflow,
      BLOBS_URL: blobsUrl,
    }
    await makeTemplate(databaseUrl, { folder, env }, say)
    const environment = {
      TEST_DATABASE_URL: databaseUrl,
      TEST_TEMPORAL_ADDRESS: temporalAddress,
      TEST_TEMPORAL_EXECUTABLE: temporal.executable,
      TEST_BACKBONE_WEIGHTS: backbone,
      TEST_TEXT_ENCODER: texts.encoder,
      TEST_STARTER_TITLES: texts.titles,
      TEST_BLOBS_URL: blobsUrl,
      TEST_FOLDER: folder,
      TENSORFLOW: tensorflow,
    }
    return { environment, notes: notesIn(folder), remove, kill: supervisor.killAll }
  } catch (error) {
    await remove()
    throw error
  }
}
