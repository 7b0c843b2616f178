import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Bot } from '../../../domain/bot.ts'

const pattern = z.string().transform((text, context) => {
  try {
    return new RegExp(text, 'u')
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a regular expression' })
    return z.NEVER
  }
})
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes')
const count = z.int().positive()

const recipe = z.strictObject({
  seed: z.int().refine((seed) => seed !== 0, 'must not be 0, which TensorFlow takes for any seed'),
  /** Height of a rendered drawing, before it is normalised as a person's picture is. */
  pixels: count.max(1024),
  /** For the version's card: what these pictures show and what they do not. */
  notes: z.string().trim().min(1),
  emoji: z.strictObject({
    packages: z.array(
      z.strictObject({
        package: z.string().regex(/^@iconify-json\/[a-z0-9-]+$/),
        vendor: name,
        always: name.optional(),
      }),
    ),
    rules: z.array(z.strictObject({ label: name, names: pattern, most: count.optional() })),
  }),
  avatars: z.array(
    z.strictObject({
      style: z.string(),
      vendor: name,
      label: name,
      count,
      options: z.record(z.string(), z.union([z.number(), z.array(z.string())])),
    }),
  ),
  /** Drawings by their ids that no version may get wrong; nothing learns from them. */
  golden: z.array(z.string()).max(10).default([]),
})

/** A bot's starter data: which drawings of which packages stand for which label. */
export type Recipe = Readonly<z.infer<typeof recipe>>

/** Thrown when a recipe cannot be used; `faults` lists every one with its key. */
export class RecipeInvalid extends Error {
  readonly code = 'RecipeInvalid'
  readonly faults: readonly string[]
  constructor(file: string, faults: readonly string[]) {
    super(`${file} cannot be used:\n  ${faults.join('\n  ')}`)
    this.faults = faults
  }
}

/**
 * Reads a recipe and checks it against the bot's labels.
 * @throws RecipeInvalid with every fault at once.
 */
export function parseRecipe(
  text: string,
  context: { readonly file: string; readonly labels: readonly string[] },
): Recipe {
  const parsed = recipe.safeParse(parse(text))
  if (!parsed.success)
    throw new RecipeInvalid(
      context.file,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    )
  const { emoji, avatars } = parsed.data
  const used = [...emoji.rules, ...avatars].map(({ label }) => label)
  const always = emoji.packages.flatMap((source) => source.always ?? [])
  const unknown = [...new Set([...used, ...always])].filter((label) => !context.labels.includes(label))
  const missing = context.labels.filter((label) => !used.includes(label))
  const faults = [
    ...unknown.map((label) => `label ${label}: the bot does not have it`),
    ...missing.map((label) => `label ${label}: nothing stands for it`),
  ]
  if (faults.length > 0) throw new RecipeInvalid(context.file, faults)
  return parsed.data
}

/**
 * Reads a bot's `starter-data.yaml` in the folder of all bots.
 * @throws RecipeInvalid, or what reading the file throws.
 */
export const readRecipe = async (bot: Pick<Bot, 'name' | 'labels'>, botsFolder: string): Promise<Recipe> =>
  parseRecipe(await readFile(join(botsFolder, bot.name, 'starter-data.yaml'), 'utf8'), {
    file: `bots/${bot.name}/starter-data.yaml`,
    labels: bot.labels.map(({ id }) => id),
  })
