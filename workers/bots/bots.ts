import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { selectionPolicies } from '../../domain/serving-set.ts'
import { correctionWords } from '../../domain/bot-words.ts'
import { channelNames } from '../../domain/label.ts'
import { classifierOf, type Families } from '../../models/family.ts'
import { commandNames, type Bot } from '../../domain/bot.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { refusalCodes } from '../../domain/refusals.ts'
import { knownFor, learning, rollout } from './learning-numbers.ts'

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
const placeholders = [
  ...['label', 'percent', 'runnerUp', 'runnerUpPercent', 'labels', 'bot'],
  ...['answer', 'name', 'own', 'lines', 'highest', 'average', 'late', 'votes', 'needed', 'version'],
]
const sentence = z
  .string()
  .trim()
  .min(1)
  .max(240, 'must have 240 characters or less, so that it fits into a post')
  .refine(
    (text) => [...text.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => placeholders.includes(name)),
    `may use only {${placeholders.join('}, {')}}`,
  )

/** What a `bot.yaml` may say. Its family is one of those whose versions say labels. */
const descriptionFor = (families: Families) =>
  z.strictObject({
    name: id,
    channels: z.array(z.enum(channelNames)).min(1),
    family: z.enum(Object.keys(families).filter((name) => families[name]?.kind === 'classifier')),
    labels: z
      .array(z.strictObject({ id, words: z.string().trim().min(1).max(80) }))
      .min(2)
      .max(100)
      .refine((labels) => new Set(labels.map((label) => label.id)).size === labels.length, 'must not repeat an id'),
    policy: z.enum(selectionPolicies),
    slots: z
      .array(z.strictObject({ name: id, cuts: z.array(id).min(1).optional() }))
      .min(1)
      .max(4)
      .refine((slots) => new Set(slots.map((slot) => slot.name)).size === slots.length, 'must not repeat a name')
      .exactOptional(),
    unsureBelow: z.number().min(0).max(1).default(0),
    askShare: z.number().min(0).max(1).default(0.02),
    peopleChannel: z.string().min(1).max(30).exactOptional(),
    questionsPerDay: z.int().min(0).default(50),
    turnsPerThread: z.int().min(1).max(1_000).default(30),
    listensTo: z.array(z.string().trim().min(2).max(40)).max(20).default([]),
    mediaHosts: z.union([z.literal('public'), z.array(z.hostname()).max(50)]).default('public'),
    commands: z.array(z.enum(commandNames)).default([]),
    starterProfiles: z
      .array(z.strictObject({ name: z.string().trim().min(1).max(60), label: id }))
      .max(50)
      .default([]),
    quorum: z.int().min(1).max(10).default(correctionDefaults.quorum),
    acceptedPerPersonAndDay: z.int().min(1).default(correctionDefaults.perPersonAndDay),
    knownFor,
    learning,
    rollout,
    promotion: z.enum(['replace', 'join']).default('replace'),
    answerWithin: z
      .string()
      .regex(/^\d+[mh]$/, 'must be minutes or hours, such as 30m or 1h')
      .default('1h')
      .transform((text) => Number.parseInt(text, 10) * (text.endsWith('h') ? 60 : 1) * 60_000),
  })
const refusals = z.strictObject(
  Object.fromEntries(refusalCodes.map((code) => [code, sentence])) as Record<
    (typeof refusalCodes)[number],
    typeof sentence
  >,
)
const corrections = z.strictObject(
  Object.fromEntries(correctionWords.map((word) => [word, sentence])) as Record<
    (typeof correctionWords)[number],
    typeof sentence
  >,
)
const optOut = z.strictObject({
  // Whoever wants no answers has to be able to say so (X's developer policy), so there is at least one word for it.
  stop: z.array(z.string().trim().min(2).max(40)).min(1).max(20),
  start: z.array(z.string().trim().min(2).max(40)).min(1).max(20),
})
const words = z.strictObject({
  answer: sentence,
  notKnown: sentence,
  apology: sentence,
  elsewhere: sentence,
  unsure: sentence,
  wrong: sentence,
  matched: sentence,
  unmatched: sentence,
  matchedWith: sentence,
  named: sentence,
  everyVersion: sentence,
  refusals,
  corrections,
  optOut,
})
const ownWords = words.partial().extend({
  refusals: refusals.partial().optional(),
  corrections: corrections.partial().optional(),
  optOut: optOut.partial().optional(),
})

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
  context: Faults & {
    readonly families: Families
    readonly name: string
    readonly common: Words | undefined
    readonly files: readonly string[]
  },
): Promise<Bot | undefined> {
  const { families, list, name, common, files } = context
  const file = (base: string) => ({ list, name: `${name}/${base}` })
  const bot = await readYaml(join(folder, 'bot.yaml'), descriptionFor(families), file('bot.yaml'))
  const own = files.includes('words.yaml')
    ? await readYaml(join(folder, 'words.yaml'), ownWords, file('words.yaml'))
    : undefined
  if (bot !== undefined && bot.name !== name) list.push(`${name}/bot.yaml: name: must be the folder's name, ${name}`)
  if (bot === undefined || common === undefined) return undefined
  const { answerWithin, quorum, acceptedPerPersonAndDay: perPersonAndDay, knownFor: knownForMs, ...rest } = bot
  const numbers = { answerWithinMs: answerWithin, corrections: Object.freeze({ quorum, perPersonAndDay, knownForMs }) }
  const given = Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined))
  const said = {
    ...common,
    ...given,
    refusals: mixed(common.refusals, own?.refusals),
    corrections: mixed(common.corrections, own?.corrections),
    optOut: Object.freeze({
      stop: own?.optOut?.stop ?? common.optOut.stop,
      start: own?.optOut?.start ?? common.optOut.start,
    }),
  }
  const input = Object.freeze({ ...classifierOf(families, bot.family).input })
  return Object.freeze({ ...rest, ...numbers, input, words: Object.freeze(said) })
}

/** Word by word: the bot's own, else the common one. */
const mixed = <Key extends string>(
  common: Readonly<Record<Key, string>>,
  own: Readonly<Partial<Record<Key, string | undefined>>> | undefined,
): Readonly<Record<Key, string>> =>
  Object.freeze(
    Object.fromEntries(Object.keys(common).map((key) => [key, own?.[key as Key] ?? common[key as Key]])) as Record<
      Key,
      string
    >,
  )

/** The folder `bots/` of this repository. */
export const botsFolder = fileURLToPath(new URL('../../bots/', import.meta.url))

/**
 * The bots of a folder: one per subfolder that has a `bot.yaml`, by name, with the folder's `words.yaml` where a bot has no
 * words of its own.
 * @param families the kinds of models that a bot may have.
 * @throws BotsInvalid with every fault of every file at once, or when there is no bot.
 */
export async function loadBots(families: Families, folder: string = botsFolder): Promise<readonly Bot[]> {
  const list: string[] = []
  const common = await readYaml(join(folder, 'words.yaml'), words, { list, name: 'words.yaml' })
  const entries = await readdir(folder, { withFileTypes: true })
  const bots: Bot[] = []
  for (const { name } of entries
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const files = await readdir(join(folder, name))
    if (!files.includes('bot.yaml')) continue
    const bot = await readBot(join(folder, name), { families, list, name, common, files })
    if (bot !== undefined) bots.push(bot)
  }
  if (bots.length === 0 && list.length === 0) list.push('there is no bot: a bot is a folder with a bot.yaml')
  if (list.length > 0) throw new BotsInvalid(list)
  return Object.freeze(bots)
}
