import { join } from 'node:path'
import type { Bot } from '../../../domain/bot.ts'
import type { Config } from '../../../infra/config.ts'
import { textClassifierFamily as family } from '../../../models/families/text-classifier/family.ts'
import { type HeldInput, keepingHeld } from '../held-inputs.ts'
import { checkGolden, placed } from '../placed.ts'
import type { Material, StarterContext, StarterFamily } from '../starter-family.ts'
import { exampleOfGolden, exampleOfQuestion, exampleOfTitle, readChangelogs, streamOf } from './examples.ts'
import { labelledTitlesOf, splitOf } from './labelled-titles.ts'
import { questionsOf } from './questions.ts'
import { readTitleRecipe } from './recipe.ts'

/** Where the change logs are: where the configuration says, else in the data folder's cache; `npm start` provisions them. */
export const titlesFolder = ({ home, starterTitles }: Pick<Config, 'home' | 'starterTitles'>): string =>
  starterTitles ?? join(home, 'cache', 'titles')

const tellEveryMs = 2_000

/** Reads the titles and makes the questions of a recipe, and embeds them, once for all slots. */
async function collect(bot: Bot, context: StarterContext): Promise<Material> {
  const { assets, config, signal } = context
  const recipe = await readTitleRecipe(bot, context.botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(titlesFolder(config)), recipe)
  const questions = questionsOf(recipe, titles)
  context.tell(`reading ${titles.length} titles of changes and ${questions.length} questions`)
  const learned = [...titles.map(exampleOfTitle), ...questions.map((question) => exampleOfQuestion(question))]
  const golden = recipe.golden.map(exampleOfGolden)
  // The golden ones come first: of equal texts the first one stays.
  const examples = streamOf([...golden, ...learned])
  let told = Date.now()
  const held: HeldInput[] = []
  const placedExamples = placed(examples, { bot: bot.name, golden: new Set(golden.map(({ id }) => id)) })
  const dataset = await family.prepare(
    keepingHeld(placedExamples, held, (bytes) => ({ kind: 'text', bytes })),
    {
      labels: bot.labels.map(({ id }) => id),
      split: splitOf(titles, recipe),
      signal,
      onProgress: (text) => {
        if (Date.now() - told < tellEveryMs) return
        told = Date.now()
        context.tell(text)
      },
    },
    assets,
  )
  checkGolden(
    `bots/${bot.name}/starter-data.yaml`,
    golden.map(({ id }) => id),
    dataset.examples,
  )
  return { seed: recipe.seed, notes: recipe.notes, held, filesFor: dataset.filesFor }
}

/** Starter versions of text bots: titles of change logs, and questions by templates. */
export const titleStarter: StarterFamily = {
  sources: ['models/families/text-classifier/family.ts', 'workers/starter/titles/title-starter.ts'],
  collect,
}
