import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Bot, Slot } from '../../domain/bot.ts'
import type { VersionFiles } from '../../models/files.ts'
import { botsFolder } from '../bots/bots.ts'
import { fingerprintOfEntries } from '../built-code.ts'

/** What a starter version is made by, beside the libraries (the lockfile) and the machine that computes. */
export interface Making {
  readonly bot: Pick<Bot, 'name' | 'labels'>
  readonly slot: Slot
  readonly backend: string
  /** Modules whose code, with all that they import, decides what comes out. */
  readonly sources: readonly string[]
}

/** They train in a process of their own, so no import leads there. */
const trainers = ['models/training/train-in-child.ts', 'models/training/train-child.ts']

/**
 * Where the starter version of a bot's slot is kept, under a name of all that it is made by: the same code, recipe and machine
 * type give the same weights, so `--fresh` and the tests need not train again.
 */
export async function keptVersionFolder(cacheFolder: string, making: Making): Promise<string> {
  const { bot, slot, backend } = making
  const labels = bot.labels.map(({ id }) => id).join()
  const recipe = await readFile(join(botsFolder, bot.name, 'starter-data.yaml'), 'utf8').catch(() => '')
  const facts = [recipe, labels, slot.cuts?.join() ?? '', backend, process.platform, process.arch]
  const fingerprint = await fingerprintOfEntries([...making.sources, ...trainers], facts)
  return join(cacheFolder, 'starter', `${bot.name}-${slot.name}-${fingerprint}`)
}

/** The files of a kept version, or `undefined`. */
export async function readKeptVersion(folder: string): Promise<VersionFiles | undefined> {
  const names = await readdir(folder).catch(() => [])
  if (names.length === 0) return undefined
  const files = names.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))] as const)
  return Object.fromEntries(await Promise.all(files))
}

/** Enough for two backends, and for going back one change. */
const keptPerSlot = 3

/** Removes the oldest kept versions of the same slot: each is as large as its dataset. */
async function removeOldest(folder: string): Promise<void> {
  const parent = dirname(folder)
  const slotOf = (name: string) => name.replace(/-[0-9a-f]{16}$/, '')
  const names = (await readdir(parent)).filter((name) => slotOf(name) === slotOf(basename(folder)))
  const ages = names.map(async (name) => ({ name, madeMs: (await stat(join(parent, name))).mtimeMs }))
  const oldest = (await Promise.all(ages)).sort((one, other) => other.madeMs - one.madeMs).slice(keptPerSlot)
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
