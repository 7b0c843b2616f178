import { parseArgs } from 'node:util'
import type { Bot } from '../domain/bot.ts'
import { configOfThisProcess } from '../infra/config.ts'
import { correctionWeight, peopleVendor, type RawExample } from '../models/datasets/examples.ts'
import { classifierOf } from '../models/family.ts'
import { families } from '../models/families/index.ts'
import type { VersionFiles } from '../models/files.ts'
import { judgeVersion, type JudgedRow } from '../models/evaluation/judge-version.ts'
import type { CorrectionExample } from '../models/datasets/merge-corrections.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { botsFolder, loadBots } from '../workers/bots/bots.ts'
import { exampleOfTitle, readChangelogs, streamOf } from '../workers/starter/titles/examples.ts'
import { labelledTitlesOf, splitOf } from '../workers/starter/titles/labelled-titles.ts'
import { readTitleRecipe } from '../workers/starter/titles/recipe.ts'
import { assetsOf } from '../workers/open-models.ts'
import { titlesFolder } from '../workers/starter/titles/title-starter.ts'

/** The team that hardly existed before the test major, and how often people correct. */
const newTeam = 'scheduler'
const corrections = 20

type Raw = RawExample<Uint8Array>

async function openSources() {
  const config = configOfThisProcess()
  const bot = (await loadBots(families)).find(({ name }) => name === 'team-router')
  if (bot === undefined) throw new RangeError('there is no bot team-router')
  const recipe = await readTitleRecipe(bot, botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(titlesFolder(config)), recipe)
  const tensorflow = await openTensorflow(config.tensorflow)
  const assets = assetsOf(config, () => Promise.resolve(tensorflow))
  return { bot, recipe, titles, tensorflow, assets, family: classifierOf(families, bot.family) }
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
function figuresOf({ family }: Sources, version: VersionFiles, judged: VersionFiles) {
  const { rows } = judgeVersion(family.judge(version, judged))
  const [own, others] = [true, false].map((isOwn) => rows.filter(({ label }) => (label === newTeam) === isOwn))
  return { newTeam: accuracyOf(own ?? []), others: accuracyOf(others ?? []) }
}

function trainer({ family, tensorflow, recipe, bot }: Sources) {
  return (files: VersionFiles) =>
    family.trainer.train(tensorflow, files, {
      ...{ bot: bot.name, notes: 'bench new-team', seed: recipe.seed },
      onProgress: (text) => console.error(text),
    })
}

async function run() {
  const sources = await openSources()
  const { family, bot, assets } = sources
  const { past, corrected, judged, split } = divide(sources)
  const labels = labelsOf(bot)
  const train = trainer(sources)
  const prepare = async (raws: readonly Raw[], more: { readonly split?: typeof split } = {}) =>
    (await family.prepare(streamOf(raws), { labels, ...more }, assets)).filesFor({})
  const parent = await train(await prepare(past, { split }))
  const task = { labels, corrections: corrected.map(correctionOf) }
  const child = await train((await family.extend(parent, task, assets)).files)
  const held = judged.map((raw) => ({ ...raw, part: 'holdout' as const }))
  const rows = await prepare(held)
  const [before, after] = [figuresOf(sources, parent, rows), figuresOf(sources, child, rows)]
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
