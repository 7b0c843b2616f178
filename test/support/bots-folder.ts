import { randomBytes } from 'node:crypto'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { botsFolder } from '../../workers/bots/bots.ts'
import { testSettings } from './settings.ts'

/**
 * A copy of the folder `bots/` in which some bots have other keys in their `bot.yaml`: small numbers, so that a test sees in a
 * minute what takes weeks.
 * @returns its path, for `BOTS_FOLDER`.
 */
export async function botsFolderWith(changes: Readonly<Record<string, object>>): Promise<string> {
  const folder = join(testSettings().folder, `bots-${randomBytes(4).toString('hex')}`)
  await cp(botsFolder, folder, { recursive: true })
  for (const [bot, change] of Object.entries(changes)) {
    const path = join(folder, bot, 'bot.yaml')
    const description: unknown = parse(await readFile(path, 'utf8'))
    await writeFile(path, stringify(Object.assign({}, description, change)))
  }
  return folder
}

/** A bot that is `like` another one of the folder `bots/`, with other keys in its `bot.yaml`. */
export interface LikeBot {
  readonly like: string
  readonly change?: object
}

export const likeThemselves = (names: readonly string[]): Readonly<Record<string, LikeBot>> =>
  Object.fromEntries(names.map((like) => [like, { like }]))

/**
 * A folder with these bots alone, by name: fewer bots, fewer models in memory.
 * @returns its path, for `BOTS_FOLDER`.
 */
export async function botsFolderOf(bots: Readonly<Record<string, LikeBot>>): Promise<string> {
  const folder = join(testSettings().folder, `bots-${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  await cp(join(botsFolder, 'words.yaml'), join(folder, 'words.yaml'))
  for (const [name, { like, change = {} }] of Object.entries(bots)) {
    await cp(join(botsFolder, like), join(folder, name), { recursive: true })
    const path = join(folder, name, 'bot.yaml')
    const description: unknown = parse(await readFile(path, 'utf8'))
    await writeFile(path, stringify(Object.assign({}, description, { name }, change)))
  }
  return folder
}
