import { access, constants, readdir, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Check } from '../../api/contract/bots.ts'

/** What of this machine is looked at. */
export interface LocalMachine {
  /** The data folder, absolute; it need not exist. */
  readonly home: string
  /** Where `npm start` would listen, by what listens there. */
  readonly ports: Readonly<Record<string, number>>
  /** As in `process.versions.node`. */
  readonly nodeVersion: string
}

/** The floor of package.json's `engines`. */
const [leastMajor, leastMinor] = [20, 20] as const
const gigabyte = 1024 ** 3
/** A first start puts about 1.3 GB into the cache, and a day of conversations needs room too. */
const roomToStart = 3 * gigabyte
const roomToRun = gigabyte

/** What `npm start` fetches into `cache/` once. */
const parts = ['temporal', 'tensorflow', 'weights', 'titles'] as const

const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail, next: '' })
const warn = (name: string, detail: string, next: string): Check => ({ name, state: 'warn', detail, next })
const fail = (name: string, detail: string, next: string): Check => ({ name, state: 'fail', detail, next })

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

function node({ nodeVersion }: LocalMachine): Check {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  const needed = `${leastMajor}.${leastMinor}`
  return isEnough
    ? ok('Node', nodeVersion)
    : fail('Node', `${nodeVersion} is older than ${needed}`, `install Node ${needed} or newer: nvm install`)
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The folder itself, or the nearest one above that exists. */
async function nearest(folder: string): Promise<string> {
  return (await isThere(folder)) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

async function dataFolder({ home }: LocalMachine): Promise<readonly Check[]> {
  const name = 'data folder'
  const existing = await nearest(home)
  const refusal = await access(existing, constants.W_OK | constants.X_OK).then(() => undefined, codeOf)
  if (refusal !== undefined)
    return [
      fail(
        name,
        `${existing} cannot be written (${refusal})`,
        'give this user the right to, or name another folder with UNDERSTUDY_HOME',
      ),
    ]
  if (existing !== home) return [ok(name, `${home} will be made`)]
  if (!(await stat(home)).isDirectory())
    return [fail(name, `${home} is no folder`, 'move it away, or name a folder with UNDERSTUDY_HOME')]
  return [ok(name, home), ...(await secrets(home))]
}

/** Who else may read the file with the secrets. */
async function secrets(home: string): Promise<readonly Check[]> {
  const file = join(home, 'run.json')
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => undefined,
  )
  if (mode === undefined || process.platform === 'win32') return []
  return (mode & 0o077) === 0
    ? [ok('secrets', 'only their owner can read them')]
    : [fail('secrets', `others on this machine can read ${file}`, `chmod 600 '${file}'`)]
}

async function cache({ home }: LocalMachine): Promise<Check> {
  const found = await Promise.all(
    parts.map(async (part) => (await readdir(join(home, 'cache', part)).catch(() => [])).length > 0),
  )
  const missing = parts.filter((_, index) => found[index] !== true)
  return missing.length === 0
    ? ok('provisioned parts', `${parts.join(', ')} are in the cache`)
    : warn(
        'provisioned parts',
        `not here yet: ${missing.join(', ')}`,
        'npm start fetches them, once; it needs the network',
      )
}

async function disk({ home }: LocalMachine): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearest(home))
  const free = bavail * bsize
  const said = `${(free / gigabyte).toFixed(1)} GB free`
  if (free < roomToRun) return fail('disk', said, 'make room: below 1 GB the database stops')
  if (free < roomToStart)
    return warn('disk', said, 'a first start needs 3 GB; old data are in old-* of the data folder')
  return ok('disk', said)
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/** A taken port stops nothing: `npm start` takes the next free one and prints it. */
async function ports({ ports: wanted }: LocalMachine): Promise<Check> {
  const taken: string[] = []
  for (const [what, port] of Object.entries(wanted))
    if (port !== 0 && !(await isFree(port))) taken.push(`${port} (${what})`)
  const next = 'npm start takes the next free ones and says which; stop what listens there if you want these'
  return taken.length === 0 ? ok('ports', 'all are free') : warn('ports', `taken: ${taken.join(', ')}`, next)
}

/** What can be checked on this machine while nothing runs, each with what to do about it. */
export async function localChecks(machine: LocalMachine): Promise<readonly Check[]> {
  return [
    node(machine),
    ...(await dataFolder(machine)),
    await disk(machine),
    await cache(machine),
    await ports(machine),
  ]
}
