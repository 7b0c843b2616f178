import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { channelNames, modelFamilies, type Bot } from '../domain/bot.ts'
import { refusalCodes } from '../domain/refusals.ts'
import { selectionPolicies } from '../domain/rendezvous.ts'

/** Thrown when bots cannot be read; `faults` lists every one with its file and key. */
export class BotsInvalid extends Error {
  readonly code = 'BotsInvalid'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`the bots have ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n  ${faults.join('\n  ')}`)
    this.faults = faults
  }
}

const id = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
const placeholders = ['label', 'percent', 'labels', 'bot']
const sentence = z
  .string()
  .trim()
  .min(1)
  .max(240, 'must have 240 characters or less, so that it fits into a post')
  .refine(
    (text) => [...text.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => placeholders.includes(name)),
    `may use only {${placeholders.join('}, {')}}`,
  )

const description = z.strictObject({
  name: id,
  channels: z.array(z.enum(channelNames)).min(1),
  family: z.enum(modelFamilies),
  labels: z
    .array(z.strictObject({ id, words: z.string().trim().min(1).max(80) }))
    .min(2)
    .max(100)
    .refine((labels) => new Set(labels.map((label) => label.id)).size === labels.length, 'must not repeat an id'),
  policy: z.enum(selectionPolicies),
})
const refusals = z.strictObject(
  Object.fromEntries(refusalCodes.map((code) => [code, sentence])) as Record<
    (typeof refusalCodes)[number],
    typeof sentence
  >,
)
const words = z.strictObject({ answer: sentence, notKnown: sentence, apology: sentence, refusals })
const ownWords = words.partial().extend({ refusals: refusals.partial().optional() })

type Words = z.infer<typeof words>

/** Collects faults instead of stopping at the first one. */
interface Faults {
  readonly list: string[]
}

async function readYaml<T>(
  path: string,
  schema: z.ZodType<T>,
  context: Faults & { readonly name: string },
): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) {
    context.list.push(`${context.name}: is not there or cannot be read`)
    return undefined
  }
  try {
    const parsed = schema.safeParse(parse(text) ?? {})
    if (parsed.success) return parsed.data
    for (const { path: keys, message } of parsed.error.issues)
      context.list.push(`${context.name}: ${keys.length > 0 ? `${keys.join('.')}: ` : ''}${message}`)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    context.list.push(`${context.name}: line ${error.linePos?.[0].line ?? 1}: is not YAML`)
  }
  return undefined
}

async function readBot(
  folder: string,
  context: Faults & { readonly name: string; readonly common: Words | undefined; readonly files: readonly string[] },
): Promise<Bot | undefined> {
  const { list, name, common, files } = context
  const file = (base: string) => ({ list, name: `${name}/${base}` })
  const bot = await readYaml(join(folder, 'bot.yaml'), description, file('bot.yaml'))
  const own = files.includes('words.yaml')
    ? await readYaml(join(folder, 'words.yaml'), ownWords, file('words.yaml'))
    : undefined
  if (bot !== undefined && bot.name !== name) list.push(`${name}/bot.yaml: name: must be the folder's name, ${name}`)
  if (bot === undefined || common === undefined) return undefined
  const said = {
    answer: own?.answer ?? common.answer,
    notKnown: own?.notKnown ?? common.notKnown,
    apology: own?.apology ?? common.apology,
    refusals: refusalsOf(common.refusals, own?.refusals),
  }
  return Object.freeze({ ...bot, words: Object.freeze(said) })
}

/** Code by code: the bot's own words, else the common ones. */
const refusalsOf = (
  common: Words['refusals'],
  own: Readonly<Partial<Record<keyof Words['refusals'], string | undefined>>> | undefined,
): Words['refusals'] =>
  Object.freeze(
    Object.fromEntries(refusalCodes.map((code) => [code, own?.[code] ?? common[code]])) as Words['refusals'],
  )

/** The folder `bots/` of this repository. */
export const botsFolder = fileURLToPath(new URL('../bots/', import.meta.url))

/**
 * The bots of a folder: one per subfolder that has a `bot.yaml`, by name, with the folder's `words.yaml` where a bot has no
 * words of its own.
 * @throws BotsInvalid with every fault of every file at once, or when there is no bot.
 */
export async function loadBots(folder: string = botsFolder): Promise<readonly Bot[]> {
  const list: string[] = []
  const common = await readYaml(join(folder, 'words.yaml'), words, { list, name: 'words.yaml' })
  const entries = await readdir(folder, { withFileTypes: true })
  const bots: Bot[] = []
  for (const { name } of entries
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const files = await readdir(join(folder, name))
    if (!files.includes('bot.yaml')) continue
    const bot = await readBot(join(folder, name), { list, name, common, files })
    if (bot !== undefined) bots.push(bot)
  }
  if (bots.length === 0 && list.length === 0) list.push('there is no bot: a bot is a folder with a bot.yaml')
  if (list.length > 0) throw new BotsInvalid(list)
  return Object.freeze(bots)
}
