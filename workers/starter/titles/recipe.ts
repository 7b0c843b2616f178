import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Bot } from '../../../domain/bot.ts'
import { RecipeInvalid } from '../pictures/recipe.ts'

const pattern = (flags: string) =>
  z.string().transform((text, context) => {
    try {
      return new RegExp(text, flags)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not a regular expression' })
      return z.NEVER
    }
  })
const sentence = z.string().trim().min(1)
const withPlace = (place: string) =>
  z.array(sentence.refine((text) => text.includes(place), `must hold ${place}`)).min(1)
const count = z.int().nonnegative()

const recipe = z.strictObject({
  seed: z.int().refine((seed) => seed !== 0, 'must not be 0, which TensorFlow takes for any seed'),
  /** For the version's card: what these texts show and what they do not. */
  notes: sentence,
  titles: z.strictObject({
    testMajor: z.int().positive(),
    teams: z.array(z.strictObject({ label: z.string(), tags: pattern('u') })).min(2),
    masks: z.array(pattern('giu')),
  }),
  questions: z.strictObject({
    perTopic: count,
    perTitle: count,
    titlesPerTeam: count,
    templates: withPlace('{topic}'),
    titleTemplates: withPlace('{title}'),
    topics: z.record(z.string(), z.array(sentence).min(1)),
  }),
  /** Questions that no version may get wrong; nothing learns from them. */
  golden: z
    .array(z.strictObject({ text: sentence, label: z.string() }))
    .max(10)
    .default([]),
})

/** A bot's starter data: which titles stand for which label, and how questions are made. */
export type TitleRecipe = Readonly<z.infer<typeof recipe>>

/**
 * Reads a recipe and checks it against the bot's labels.
 * @throws RecipeInvalid with every fault at once.
 */
export function parseTitleRecipe(
  text: string,
  context: { readonly file: string; readonly labels: readonly string[] },
): TitleRecipe {
  const parsed = recipe.safeParse(parse(text))
  if (!parsed.success)
    throw new RecipeInvalid(
      context.file,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    )
  const { titles, questions, golden } = parsed.data
  const used = [...titles.teams.map(({ label }) => label), ...Object.keys(questions.topics)]
  const faults = [
    ...[...new Set([...used, ...golden.map(({ label }) => label)])]
      .filter((label) => !context.labels.includes(label))
      .map((label) => `label ${label}: the bot does not have it`),
    ...context.labels.filter((label) => !used.includes(label)).map((label) => `label ${label}: nothing stands for it`),
  ]
  if (faults.length > 0) throw new RecipeInvalid(context.file, faults)
  return parsed.data
}

/**
 * Reads a bot's `starter-data.yaml`.
 * @throws RecipeInvalid, or what reading the file throws.
 */
export const readTitleRecipe = async (bot: Pick<Bot, 'name' | 'labels'>, botsFolder: string): Promise<TitleRecipe> =>
  parseTitleRecipe(await readFile(join(botsFolder, bot.name, 'starter-data.yaml'), 'utf8'), {
    file: `bots/${bot.name}/starter-data.yaml`,
    labels: bot.labels.map(({ id }) => id),
  })
