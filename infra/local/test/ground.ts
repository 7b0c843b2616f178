import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { configOfThisProcess } from '../../config.ts'
import { freePort } from '../ports.ts'
import { removeCluster, startPostgres } from '../postgres.ts'
import { identify, isAlive } from '../processes/identity.ts'
import { repositoryRoot, runJob } from '../processes/node-child.ts'
import { readRunFile, stopOrphans, writeRunFile } from '../processes/run-file.ts'
import { provisionParts, tensorflowVariable } from '../start/parts.ts'
import { createSupervisor } from '../supervise.ts'
import { bundleServices } from './services.ts'

/** What the tests stand on, and how to take it away again. */
export interface Ground {
  /** Variables for the test processes. */
  readonly environment: Readonly<Record<string, string>>
  readonly remove: () => Promise<void>
  readonly kill: () => void
}

/** Folders of test runs that were killed: their servers are stopped, their files removed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name)
    const file = await readRunFile(folder)
    if (file?.supervisor && (await isAlive(file.supervisor))) continue
    await stopOrphans(file?.processes ?? [], 2000)
    await removeCluster(join(folder, 'postgres'))
    await rm(folder, { recursive: true, force: true })
  }
}

/** Bundles the workflows once for all test files. */
async function bundleWorkflows(folder: string): Promise<string> {
  const workflowsPath = join(repositoryRoot, 'workflows', 'index.ts')
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker')
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })
  const path = join(folder, 'workflow-bundle.js')
  await writeFile(path, code)
  return path
}

async function startCluster(
  folder: string,
  binaries: Parameters<typeof startPostgres>[0]['binaries'],
  say: (line: string) => void,
) {
  const supervisor = createSupervisor({
    say,
    note: async (processes) =>
      writeRunFile(folder, { supervisor: await identify(process.pid), urls: {}, processes: [...processes] }),
  })
  // Any free one: two runs that start together would both find the same preferred one free.
  const port = await freePort(0)
  const logFile = join(folder, 'postgres.log')
  const options = {
    binaries,
    dataFolder: join(folder, 'postgres'),
    port,
    logFile,
    settings: { max_connections: '300' },
  }
  const start: Parameters<typeof supervisor.keep<{ url: string }>>[0]['start'] = (onSpawn) =>
    startPostgres({ ...options, onSpawn })
  const server = await supervisor.keep({ name: 'PostgreSQL', logFile, stopSignal: 'SIGINT', start })
  return { url: server.url, supervisor }
}

/** Makes the database that every test file copies: the schema, and the starter models with their blobs in `blobsUrl`. */
async function makeTemplate(
  url: string,
  options: { readonly folder: string; readonly blobsUrl: string; readonly env: Readonly<Record<string, string>> },
  say: (line: string) => void,
): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query('create database understudy_template')
  await admin.end()
  const template = new URL(url)
  template.pathname = '/understudy_template'
  const env = { ...options.env, DATABASE_URL: template.href, BLOBS_URL: options.blobsUrl }
  for (const name of ['migrate', 'starter'])
    await runJob(name, {
      file: `workers/${name}.ts`,
      env,
      logFile: join(options.folder, `${name}.log`),
      readyTimeoutMs: 10 * 60_000,
      onProgress: (text) => say(`  ${text}`),
    })
}

/**
 * Provisions everything, starts one PostgreSQL cluster of its own for this run, and bundles workflows and services once.
 * @throws LocalProblem when a part cannot be had.
 */
export async function prepareGround(home: string, say: (line: string) => void): Promise<Ground> {
  const config = configOfThisProcess()
  const parts = provisionParts(
    { ...config, databaseUrl: undefined, temporal: { ...config.temporal, address: undefined } },
    { home, say },
  )
  const parent = join(home, 'test')
  await removeAbandoned(parent)
  const folder = join(parent, `run-${process.pid}-${Date.now()}`)
  await mkdir(folder, { recursive: true })
  const [binaries, temporal] = [await parts.postgres, await parts.temporal]
  if (!binaries || !temporal) throw new Error('the servers were not provisioned')
  const { url, supervisor } = await startCluster(folder, binaries, say)
  const remove = async () => {
    await supervisor.stopAll()
    await removeCluster(join(folder, 'postgres'))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const bundle = await bundleWorkflows(folder)
    const services = join(folder, 'services')
    await bundleServices(services)
    const blobsUrl = pathToFileURL(join(folder, 'blobs')).href
    const backbone = await parts.weights
    const tensorflow = tensorflowVariable(config, await parts.tensorflow)
    const texts = await parts.texts
    const env = {
      UNDERSTUDY_HOME: home,
      BACKBONE_WEIGHTS: backbone,
      TEXT_ENCODER: texts.encoder,
      STARTER_TITLES: texts.titles,
      TENSORFLOW: tensorflow,
    }
    await makeTemplate(url, { folder, blobsUrl, env }, say)
    const environment = {
      TEST_DATABASE_URL: url,
      TEST_TEMPORAL_EXECUTABLE: temporal.executable,
      TEST_BACKBONE_WEIGHTS: backbone,
      TEST_TEXT_ENCODER: texts.encoder,
      TEST_STARTER_TITLES: texts.titles,
      TEST_WORKFLOW_BUNDLE: bundle,
      TEST_SERVICES: services,
      TEST_BLOBS_URL: blobsUrl,
      TEST_FOLDER: folder,
      TENSORFLOW: tensorflow,
    }
    return { environment, remove, kill: supervisor.killAll }
  } catch (error) {
    await remove()
    throw error
  }
}
