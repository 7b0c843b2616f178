import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inheritedEnvironment } from '../config.ts'
import { ownFolder, placeFor, postgresAccount, reachableBinaries } from './servers/postgres-account.ts'
import type { Account } from './servers/postgres-account.ts'
import { LocalProblem } from './problem.ts'
import { lastLines, run } from './processes/programs.ts'
import type { PostgresBinaries } from './provision/postgres.ts'
import { launch, tailOf } from './processes/running.ts'
import type { OnSpawn, Running } from './processes/running.ts'

export interface PostgresOptions {
  readonly binaries: PostgresBinaries
  /** Where the cluster is, or its substitute outside when the account that runs it cannot reach it there. */
  readonly dataFolder: string
  readonly port: number
  readonly logFile: string
  /** Server settings beside the defaults, such as `{ fsync: 'off' }` for a test that may lose its data. */
  readonly settings?: Readonly<Record<string, string>>
  readonly say?: (line: string) => void
  readonly onSpawn?: OnSpawn
}

export interface PostgresServer extends Running {
  /** With user and password; the database is `postgres`. */
  readonly url: string
  /** Where the cluster really is. */
  readonly folder: string
}

const user = 'understudy'

/** Makes the cluster under another name and renames it when it is whole, so that a killed `initdb` leaves nothing behind. */
async function makeCluster(folder: string, options: PostgresOptions, account: Account | undefined): Promise<void> {
  await rm(`${folder}.new`, { recursive: true, force: true })
  await ownFolder(`${folder}.new`, account)
  const password = randomBytes(24).toString('base64url')
  const passwordFile = `${folder}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account) await chown(passwordFile, account.uid, account.gid)
  const access = [
    '--auth-host=scram-sha-256',
    '--auth-local=scram-sha-256',
    '--username',
    user,
    '--pwfile',
    passwordFile,
  ]
  const args = ['--pgdata', `${folder}.new`, '--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions', ...access]
  const who = account ? { uid: account.uid, gid: account.gid } : {}
  const result = await run(options.binaries.initdb, args, { timeoutMs: 120_000, cwd: '/', ...who })
  if (result.code !== 0)
    throw new LocalProblem(
      `initdb could not make a database cluster in ${folder}: ${lastLines(result.stderr)}`,
      'check the disk space and the permissions there, or set DATABASE_URL to a PostgreSQL server of yours',
    )
  await rename(`${folder}.new`, folder)
}

async function spawnServer(folder: string, options: PostgresOptions, account: Account | undefined): Promise<Running> {
  const settings = { fsync: 'on', listen_addresses: '127.0.0.1', unix_socket_directories: '', ...options.settings }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const who = account ? { uid: account.uid, gid: account.gid } : {}
  return await launch(options.binaries.postgres, ['-D', folder, '-p', String(options.port), ...flags], {
    logFile: options.logFile,
    onSpawn: options.onSpawn,
    stopSignal: 'SIGINT',
    cwd: '/',
    env: { ...inheritedEnvironment(), LC_ALL: 'C.UTF-8' },
    ...who,
  })
}

/** Waits until the server answers a query; a server that has ended, or says nothing for 30 s, is an error. */
async function untilItAnswers(url: string, server: Running, logFile: string): Promise<void> {
  let over: string | undefined
  void server.ended.then((ending) => {
    over = ending
  })
  const start = Date.now()
  while (over === undefined && Date.now() - start < 30_000) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('select 1')
      return
    } catch {
      // It is not there yet.
      await sleep(30)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  await server.stop(0)
  throw new LocalProblem(
    `PostgreSQL did not start (${over ?? 'no answer in 30 s'}):\n${await tailOf(logFile)}`,
    `read ${logFile}; a cluster of another PostgreSQL version must be moved away`,
  )
}

/** Where the cluster of a data folder is; it may lie outside, when the account that runs PostgreSQL cannot reach it inside. */
export async function clusterFolder(dataFolder: string): Promise<string> {
  return await placeFor(dataFolder, await postgresAccount())
}

/**
 * Starts a PostgreSQL server on 127.0.0.1, making its cluster first if there is none. The password is random and lies beside
 * the cluster, readable by its owner alone. `stop()` is PostgreSQL's fast shutdown.
 * @throws LocalProblem when the cluster cannot be made or the server does not answer.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = await postgresAccount()
  const folder = await placeFor(options.dataFolder, account)
  const own = { ...options, binaries: await reachableBinaries(options.binaries, account) }
  await mkdir(join(folder, '..'), { recursive: true })
  if (folder !== options.dataFolder)
    options.say?.(
      `PostgreSQL runs as ${account?.name ?? 'another user'}, who cannot enter ${options.dataFolder}; its files are in ${folder}`,
    )
  if (!existsSync(folder)) await makeCluster(folder, own, account)
  const password = (await readFile(`${folder}.password`, 'utf8')).trim()
  const url = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${options.port}/postgres`
  const server = await spawnServer(folder, own, account)
  await untilItAnswers(url, server, options.logFile)
  return { ...server, url, folder }
}

/** Deletes a cluster that was made for a test. */
export async function removeCluster(dataFolder: string): Promise<void> {
  const folder = await clusterFolder(dataFolder)
  await Promise.all([folder, `${folder}.password`].map((path) => rm(path, { recursive: true, force: true })))
}
