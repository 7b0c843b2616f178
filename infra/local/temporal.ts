import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inheritedEnvironment } from '../config.ts'
import { LocalProblem } from './problem.ts'
import { run } from './processes/programs.ts'
import { launch, tailOf } from './processes/running.ts'
import type { OnSpawn, Running } from './processes/running.ts'
import { prepareNamespace, searchAttributes } from './servers/temporal-namespace.ts'

export interface TemporalOptions {
  /** The `temporal` program, as provisioned. */
  readonly executable: string
  /** Where workflows are kept; without it everything is in memory and ends with the server. */
  readonly dbFile?: string
  readonly port: number
  readonly uiPort: number
  /** Without the web pages, as tests want it. */
  readonly headless?: boolean
  readonly logFile: string
  readonly say?: (line: string) => void
  readonly onSpawn?: OnSpawn
  readonly noteIn?: string
  /** Further words of its command line. */
  readonly more?: readonly string[]
  /** Further namespaces beside `default`, with the same search attributes. */
  readonly namespaces?: readonly string[]
}

export interface TemporalServer extends Running {
  /** `127.0.0.1:<port>`, for clients and workers. */
  readonly address: string
  readonly uiUrl: string
}

/**
 * The dev server reads a shard's transfer queue at most 20 times a second unless it is told otherwise, which makes every
 * workflow task wait up to 50 ms; with these a three-activity workflow takes 37 ms instead of 200.
 */
const fastSettings = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'system.enableActivityEagerExecution=true',
].flatMap((setting) => ['--dynamic-config-value', setting])

function argumentsOf(options: TemporalOptions): readonly string[] {
  const file = options.dbFile
    ? ['--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2']
    : []
  const ui = options.headless === true ? ['--headless'] : ['--ui-port', String(options.uiPort)]
  const attributes = searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`])
  const namespaces = (options.namespaces ?? []).flatMap((name) => ['--namespace', name])
  const where = ['--ip', '127.0.0.1', '--port', String(options.port)]
  return [
    'server',
    'start-dev',
    ...where,
    ...ui,
    ...file,
    ...namespaces,
    ...attributes,
    ...fastSettings,
    ...(options.more ?? []),
    '--log-level',
    'error',
  ]
}

/** A server of another version cannot read the file (it has no migrations); PostgreSQL is the truth, so a new file loses nothing. */
async function moveForeignFile(options: TemporalOptions, dbFile: string): Promise<void> {
  await mkdir(dirname(dbFile), { recursive: true })
  const version = (await run(options.executable, ['--version'], { timeoutMs: 10_000 })).stdout.trim()
  const known = await readFile(`${dbFile}.version`, 'utf8').catch(() => undefined)
  if (existsSync(dbFile) && known !== version) {
    const aside = `${dbFile}.${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    await rename(dbFile, aside)
    // A write-ahead log belongs to its file and would damage a new one.
    await Promise.all(['-wal', '-shm'].map((end) => rm(`${dbFile}${end}`, { force: true })))
    options.say?.(
      `Temporal has another version than the one that wrote its file; the old file is ${aside}, unfinished work starts again`,
    )
  }
  await writeFile(`${dbFile}.version`, version)
}

const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

async function untilItAnswers(options: TemporalOptions, server: Running): Promise<void> {
  let over: string | undefined
  void server.ended.then((ending) => {
    over = ending
  })
  const start = Date.now()
  while (over === undefined && Date.now() - start < 30_000 && !(await listens(options.port))) await sleep(25)
  const left = 30_000 - (Date.now() - start)
  // A server in memory is as its flags say; a kept file may come from a time when they said something else.
  if (
    over === undefined &&
    left > 0 &&
    (await prepareNamespace(options, { keep: options.dbFile !== undefined, timeoutMs: left }))
  )
    return
  await server.stop(0)
  throw new LocalProblem(
    `the Temporal server did not start (${over ?? 'no answer in 30 s'}):\n${await tailOf(options.logFile)}`,
    `read ${options.logFile}; a damaged ${options.dbFile ?? 'file'} may be moved away: unfinished work is started again from PostgreSQL`,
  )
}

/**
 * Starts a Temporal dev server on 127.0.0.1 with the fast settings, our search attributes and, for a file, 30 days of retention.
 * Resolves when its namespace answers.
 * @throws LocalProblem when it ends or is silent for 30 s.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  if (options.dbFile !== undefined) await moveForeignFile(options, options.dbFile)
  const server = await launch(options.executable, argumentsOf(options), {
    logFile: options.logFile,
    onSpawn: options.onSpawn,
    noteIn: options.noteIn,
    env: inheritedEnvironment(),
  })
  await untilItAnswers(options, server)
  return { ...server, address: `127.0.0.1:${options.port}`, uiUrl: `http://127.0.0.1:${options.uiPort}` }
}
