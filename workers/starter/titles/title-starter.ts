import { join } from 'node:path'
import type { Bot } from '../../../domain/bot.ts'
import type { Config } from '../../../infra/config.ts'
import { openTextBackbone } from '../../../models/text/encoder/encoder.ts'
import { textClassifier } from '../../../models/text/text-classifier.ts'
import { textDatasetFiles } from '../../../models/text/version-files.ts'
import { type HeldInput, keepingHeld } from '../held-inputs.ts'
import { checkGolden, placed } from '../placed.ts'
import type { Material, StarterContext, StarterFamily } from '../starter-family.ts'
import { exampleOfGolden, exampleOfQuestion, exampleOfTitle, readChangelogs, streamOf } from './examples.ts'
import { labelledTitlesOf, splitOf } from './labelled-titles.ts'
import { questionsOf } from './questions.ts'
import { readTitleRecipe } from './recipe.ts'

/** Folders that the configuration may name; `npm start` provisions both. */
interface TextFolders {
  readonly textEncoder?: string | undefined
  readonly starterTitles?: string | undefined
}

/** Where the text encoder's files and the change logs are: where the configuration says, else in the data folder's cache. */
export const textPlaces = ({ home, textEncoder, starterTitles }: Pick<Config, 'home'> & TextFolders) => ({
  encoder: textEncoder ?? join(home, 'cache', 'weights', 'all-minilm-l6-v2'),
  titles: starterTitles ?? join(home, 'cache', 'titles'),
})

const tellEveryMs = 2_000

/** Reads the titles and makes the questions of a recipe, and embeds them, once for all slots. */
async function collect(bot: Bot, context: StarterContext): Promise<Material> {
  const { config, tensorflow, signal } = context
  const places = textPlaces(config)
  const recipe = await readTitleRecipe(bot, context.botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(places.titles), recipe)
  const questions = questionsOf(recipe, titles)
  context.tell(`reading ${titles.length} titles of changes and ${questions.length} questions`)
  const learned = [...titles.map(exampleOfTitle), ...questions.map((question) => exampleOfQuestion(question))]
  const golden = recipe.golden.map(exampleOfGolden)
  // The golden ones come first: of equal texts the first one stays.
  const examples = streamOf([...golden, ...learned])
  const backbone = await openTextBackbone(tensorflow, places.encoder)
  let told = Date.now()
  const held: HeldInput[] = []
  const placedExamples = placed(examples, { bot: bot.name, golden: new Set(golden.map(({ id }) => id)) })
  const dataset = await textClassifier({ tensorflow, backbone }).prepare(
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
  )
  checkGolden(
    `bots/${bot.name}/starter-data.yaml`,
    golden.map(({ id }) => id),
    dataset.examples,
  )
  const files = textDatasetFiles(dataset)
  return { seed: recipe.seed, notes: recipe.notes, held, filesFor: () => files }
}

/** Starter versions of text bots: titles of change logs, and questions by templates. */
export const titleStarter: StarterFamily = {
  sources: ['models/text/text-classifier.ts', 'workers/starter/titles/title-starter.ts'],
  collect,
}
