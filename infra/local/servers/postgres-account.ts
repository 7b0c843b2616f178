import { createHash } from 'node:crypto'
import { cp, chmod, chown, mkdir, readFile, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { PostgresBinaries } from '../provision/postgres.ts'
import { findOnPath, run } from '../processes/programs.ts'

/** The account that PostgreSQL runs as; it refuses to run as root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

async function lookUp(name: string): Promise<Account | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const fields = passwd.split('\n').map((line) => line.split(':'))
  const found = fields.find(([user]) => user === name)
  return found ? { name, uid: Number(found[2]), gid: Number(found[3]) } : undefined
}

/**
 * Whom to run PostgreSQL as: nobody else unless we are root, then `postgres`, made if there is none, else `nobody`.
 * @throws Error when root has neither account.
 */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const existing = await lookUp('postgres')
  if (existing) return existing
  if (await findOnPath('useradd')) {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'], {
      timeoutMs: 20_000,
    })
    const made = await lookUp('postgres')
    if (made) return made
  }
  const nobody = await lookUp('nobody')
  if (nobody) return nobody
  throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody')
}

/** Whether the account may enter every folder from the root down to `folder` (those that exist), judged by their modes. */
export async function canReach(folder: string, account: Account): Promise<boolean> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined)
    if (found) {
      const digit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001
      if ((found.mode & digit) === 0) return false
    }
    if (place === dirname(place)) return true
  }
}

/** Where things of this data folder go that another account must reach: a name that depends on nothing but the folder. */
function reachableSubstitute(folder: string): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
  return join(base, `understudy-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)}`)
}

/** The folder itself if `account` can reach it, else its substitute outside. */
export async function placeFor(folder: string, account: Account | undefined): Promise<string> {
  return !account || (await canReach(dirname(resolve(folder)), account)) ? resolve(folder) : reachableSubstitute(folder)
}

/** Makes a folder that belongs to `account` alone. */
export async function ownFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  if (account) await chown(folder, account.uid, account.gid)
}

/** The binaries themselves if `account` can run them, else a copy of them (60 MB) where it can. */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<PostgresBinaries> {
  if (!account || (await canReach(join(binaries.root, 'bin'), account))) return binaries
  const root = `${reachableSubstitute(binaries.root)}-programs`
  if (!existsSync(join(root, 'complete'))) {
    await cp(binaries.root, root, { recursive: true, verbatimSymlinks: true })
    await chmod(root, 0o755)
    await mkdir(join(root, 'complete'), { recursive: true })
  }
  return { root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') }
}
