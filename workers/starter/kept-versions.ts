import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { VersionFiles } from '../../models/family.ts'
import { fingerprint } from '../fingerprint.ts'

/** All that a starter version is made by: code, recipe, libraries (the lockfile), and the machine that computes. */
const places = (bot: string) => [
  'models',
  'domain',
  'workers/starter',
  'adapters/media/normalise-picture.ts',
  `bots/${bot}`,
]

/**
 * Where the starter version of a bot is kept, under a name of all that it is made by: the same code, recipe and machine type
 * give the same weights, so `--fresh` and the tests need not train again.
 */
export async function keptVersionFolder(cacheFolder: string, bot: string, backend: string): Promise<string> {
  const made = await fingerprint(places(bot), [backend, process.platform, process.arch])
  return join(cacheFolder, 'starter', `${bot}-${made}`)
}

/** The files of a kept version, or `undefined`. */
export async function readKeptVersion(folder: string): Promise<VersionFiles | undefined> {
  const names = await readdir(folder).catch(() => [])
  if (names.length === 0) return undefined
  const files = names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const)
  return Object.fromEntries(await Promise.all(files))
}

/** Enough for two backends, and for going back one change. */
const keptPerBot = 3

/** Removes the oldest kept versions of the same bot: each is as large as its dataset. */
async function removeOldest(folder: string): Promise<void> {
  const parent = dirname(folder)
  const bot = basename(folder).replace(/-[0-9a-f]{16}$/, '')
  const names = (await readdir(parent)).filter((name) => name.replace(/-[0-9a-f]{16}$/, '') === bot)
  const ages = names.map(async (name) => ({ name, madeMs: (await stat(join(parent, name))).mtimeMs }))
  const oldest = (await Promise.all(ages)).sort((one, other) => other.madeMs - one.madeMs).slice(keptPerBot)
  for (const { name } of oldest) await rm(join(parent, name), { recursive: true, force: true })
}

/** Keeps a version's files, all or none. */
export async function keepVersion(folder: string, files: VersionFiles): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(unfinished, name), bytes)
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }))
  await removeOldest(folder)
}
