import { existsSync } from 'node:fs'
import { mkdir, readdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { clusterFolder } from '../postgres.ts'

/** What stays where it is when the data are moved aside: downloads, the lock of the process that moves them, earlier moves. */
const stays = (name: string) => name === 'cache' || name.startsWith('run.lock') || name.startsWith('old-')

/**
 * Moves everything but the cache to `old-<time>/` in the same folder, a database cluster that lies outside included.
 * Nothing may be running on it.
 * @returns where it is now; `undefined` when there was nothing to move.
 */
export async function moveAside(home: string, now: Date): Promise<string | undefined> {
  const names = (await readdir(home)).filter((name) => !stays(name))
  if (names.length === 0) return undefined
  const outside = await clusterFolder(join(home, 'postgres'))
  const aside = join(home, `old-${now.toISOString().replaceAll(/[:.]/g, '-')}`)
  await mkdir(aside, { mode: 0o700 })
  for (const name of names) await rename(join(home, name), join(aside, name))
  if (outside === join(home, 'postgres')) return aside
  const suffix = basename(aside)
  for (const path of [outside, `${outside}.password`]) if (existsSync(path)) await rename(path, `${path}.${suffix}`)
  return aside
}
