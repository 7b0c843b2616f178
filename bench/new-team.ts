import { parseArgs } from 'node:util'
import type { Bot } from '../domain/bot.ts'
import { configOfThisProcess } from '../infra/config.ts'
import { extendDataset } from '../models/training/extenders.ts'
import { correctionWeight, peopleVendor, type RawExample, type VersionFiles } from '../models/family.ts'
import { judgeVersion, type JudgedRow } from '../models/evaluation/judge-version.ts'
import type { CorrectionExample } from '../models/training/merge-corrections.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { openTextBackbone } from '../models/text/encoder/encoder.ts'
import { textClassifier } from '../models/text/text-classifier.ts'
import { readTextDatasetFiles, textDatasetFiles } from '../models/text/version-files.ts'
import { botsFolder, loadBots } from '../workers/bots/bots.ts'
import { exampleOfTitle, readChangelogs, streamOf } from '../workers/starter/titles/examples.ts'
import { labelledTitlesOf, splitOf } from '../workers/starter/titles/labelled-titles.ts'
import { readTitleRecipe, type TitleRecipe } from '../workers/starter/titles/recipe.ts'
import { textPlaces } from '../workers/starter/titles/title-starter.ts'

/** The team that hardly existed before the test major, and how often people correct. */
const newTeam = 'scheduler'
const corrections = 20

type Raw = RawExample<Uint8Array>

async function openSources() {
  const config = configOfThisProcess()
  const places = textPlaces(config)
  const bot = (await loadBots()).find(({ name }) => name === 'team-router')
  if (bot === undefined) throw new RangeError('there is no bot team-router')
  const recipe = await readTitleRecipe(bot, botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(places.titles), recipe)
  const tensorflow = await openTensorflow(config.tensorflow)
  const backbone = await openTextBackbone(tensorflow, places.encoder)
  return { bot, recipe, titles, tensorflow, backbone, family: textClassifier({ tensorflow, backbone }) }
}

type Sources = Awaited<ReturnType<typeof openSources>>

/** What came before the test major is learned from; of what came after, the new team's first titles are corrected, the rest is judged. */
function divide({ titles, recipe }: Sources) {
  const { past, test } = splitOf(titles, recipe)
  const later = titles.filter(({ vendor }) => test.includes(vendor))
  const corrected = later.filter(({ label }) => label === newTeam).slice(0, corrections)
  return {
    past: titles.filter(({ vendor }) => past.includes(vendor)).map(exampleOfTitle),
    corrected: corrected.map(exampleOfTitle),
    judged: later.filter((title) => !corrected.includes(title)).map(exampleOfTitle),
    // Strength of regularisation and temperature are chosen on the last major before the test major, which nobody corrects.
    split: { past: past.slice(0, -1), test: past.slice(-1) },
  }
}

const correctionOf = (raw: Raw, index: number): CorrectionExample => ({
  ...raw,
  id: `correction:${index}`,
  vendor: peopleVendor,
  weight: correctionWeight,
  part: 'train',
  corrections: [String(index)],
})

const labelsOf = (bot: Bot): readonly string[] => bot.labels.map(({ id }) => id)

const accuracyOf = (rows: readonly JudgedRow[]): number =>
  Math.round((rows.filter(({ right }) => right).length / rows.length) * 1e3) / 1e3

/** Accuracy on later titles of the new team, and on those of all others. */
function figuresOf(version: VersionFiles, judged: VersionFiles) {
  const { rows } = judgeVersion('text-classifier', version, judged)
  const [own, others] = [true, false].map((isOwn) => rows.filter(({ label }) => (label === newTeam) === isOwn))
  return { newTeam: accuracyOf(own ?? []), others: accuracyOf(others ?? []) }
}

function trainer({ family, recipe, bot }: Pick<Sources, 'family' | 'bot'> & { readonly recipe: TitleRecipe }) {
  return (files: VersionFiles) =>
    family.train(readTextDatasetFiles(files), {
      ...{ bot: bot.name, notes: 'bench new-team', seed: recipe.seed },
      onProgress: (text) => console.error(text),
    })
}

async function run() {
  const sources = await openSources()
  const { family, bot, backbone } = sources
  const { past, corrected, judged, split } = divide(sources)
  const labels = labelsOf(bot)
  const train = trainer(sources)
  const parent = await train(textDatasetFiles(await family.prepare(streamOf(past), { labels, split })))
  const networks = {
    pictures: () => Promise.reject(new RangeError('no pictures here')),
    texts: () => Promise.resolve(backbone),
  }
  const task = { labels, corrections: corrected.map(correctionOf) }
  const child = await train((await extendDataset('text-classifier', networks, parent, task)).files)
  const held = judged.map((raw) => ({ ...raw, part: 'holdout' as const }))
  const rows = textDatasetFiles(await family.prepare(streamOf(held), { labels }))
  const [before, after] = [figuresOf(parent, rows), figuresOf(child, rows)]
  return {
    bench: 'new-team',
    team: newTeam,
    learnedBefore: { all: past.length, newTeam: past.filter(({ label }) => label === newTeam).length },
    corrections: corrected.length,
    judged: { newTeam: judged.filter(({ label }) => label === newTeam).length, all: judged.length },
    before,
    after,
    better: after.newTeam > before.newTeam,
    othersLoseAtMostOnePoint: before.others - after.others <= 0.01,
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = await run()
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
