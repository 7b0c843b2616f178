import { parseArgs } from 'node:util'
import { configOfThisProcess } from '../infra/config.ts'
import type { TextDataset } from '../models/text/dataset.ts'
import { openTextBackbone } from '../models/text/encoder.ts'
import { evaluate, type EvaluateOptions, type Evaluation } from '../models/text/evaluate.ts'
import { textClassifier } from '../models/text/text-classifier.ts'
import { openTensorflow } from '../models/tensorflow.ts'
import { botsFolder, loadBots } from '../workers/bots.ts'
import { exampleOfQuestion, exampleOfTitle, readChangelogs, streamOf } from '../workers/starter/titles/examples.ts'
import { labelledTitlesOf, type LabelledTitle, maskTitle, splitOf } from '../workers/starter/titles/labelled-titles.ts'
import { questionsOf } from '../workers/starter/titles/questions.ts'
import { readTitleRecipe } from '../workers/starter/titles/recipe.ts'
import { textPlaces } from '../workers/starter/titles/title-starter.ts'

/** The peer: word and character n-grams with a linear SVM (scikit-learn), measured elsewhere on the same change logs, all rows counted. */
const published = { ngramSvm: 0.582, ngramSvmWith5: 0.317, ngramSvmWith20: 0.322 } as const

/** Questions are in as many parts by their topic; the last one is judged. */
const topicParts = 4

const round = (value: number): number => Math.round(value * 1e3) / 1e3

const recallsOf = ({ labels, pooled }: Evaluation) =>
  Object.fromEntries(
    labels.map((label, index) => {
      const support = pooled.support[index] ?? 0
      return [label, support === 0 ? null : round((pooled.confusion[index]?.[index] ?? 0) / support)]
    }),
  )

const figuresOf = (evaluation: Evaluation) => ({
  texts: evaluation.pooled.count,
  learnedFrom: evaluation.parts[0]?.learnedFrom,
  accuracy: round(evaluation.pooled.accuracy),
  majorityRate: round(evaluation.pooled.majorityRate),
  balancedAccuracy: round(evaluation.pooled.balancedAccuracy),
  ece: round(evaluation.pooled.ece),
  recalls: recallsOf(evaluation),
  fewExamples: Object.fromEntries(
    evaluation.fewExamples.map(({ perLabel, accuracy, lowest, highest, draws }) => [
      perLabel,
      { accuracy: round(accuracy), lowest: round(lowest), highest: round(highest), draws },
    ]),
  ),
})

/** Both blocks together, and beside them the n-grams alone in the same trainer, on the same texts. */
async function measure(dataset: TextDataset, options: EvaluateOptions) {
  const { tf } = await openTensorflow('auto')
  const both = await evaluate(tf, dataset, options)
  const alone = await evaluate(tf, dataset, { ...options, vectorScale: 0 })
  return {
    ...figuresOf(both),
    ngramsAlone: {
      accuracy: round(alone.pooled.accuracy),
      fewExamples: Object.fromEntries(alone.fewExamples.map(({ perLabel, accuracy }) => [perLabel, round(accuracy)])),
    },
  }
}

async function run(say: (line: string) => void) {
  const places = textPlaces(configOfThisProcess())
  const bot = (await loadBots()).find(({ name }) => name === 'team-router')
  if (bot === undefined) throw new RangeError('there is no bot team-router')
  const recipe = await readTitleRecipe(bot, botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(places.titles), recipe)
  const split = splitOf(titles, recipe)
  const tensorflow = await openTensorflow(configOfThisProcess().tensorflow)
  const family = textClassifier({ tensorflow, backbone: await openTextBackbone(tensorflow, places.encoder) })
  const labels = bot.labels.map(({ id }) => id)
  const options = { seed: recipe.seed, onProgress: say }

  // Two titles can be one under the mask; the first team keeps it, as nothing tells them apart.
  const first = new Map<string, LabelledTitle>()
  for (const title of titles) {
    const text = maskTitle(title.text, recipe)
    if (!first.has(text)) first.set(text, { ...title, text })
  }
  const masked = await family.prepare(streamOf([...first.values()].map(exampleOfTitle)), { labels, split })

  const topics = [...new Set(questionsOf(recipe, titles).map(({ topic }) => topic))]
  const asked = questionsOf(recipe, titles).map((question) =>
    exampleOfQuestion(question, `questions-${topics.indexOf(question.topic) % topicParts}`),
  )
  const open = await family.prepare(streamOf([...titles.map(exampleOfTitle), ...asked]), { labels, split })
  const vendors = [...new Set(open.examples.map(({ vendor }) => vendor))]
  const judged = `questions-${topicParts - 1}`
  const unseenTopics = { past: vendors.filter((vendor) => vendor !== judged), test: [judged] }
  const unmasked = await measure(open, options)
  return {
    bench: 'text-figures',
    backend: tensorflow.backend,
    published,
    timeSplit: { unmasked, masked: await measure(masked, options) },
    questionsOfUnseenTopics: figuresOf(await evaluate(tensorflow.tf, { ...open, split: unseenTopics }, options)),
    beats: {
      majority: unmasked.accuracy > unmasked.majorityRate,
      ngramSvm: unmasked.accuracy > published.ngramSvm,
      ngramSvmWith5: (unmasked.fewExamples['5']?.accuracy ?? 0) > published.ngramSvmWith5,
      ngramSvmWith20: (unmasked.fewExamples['20']?.accuracy ?? 0) > published.ngramSvmWith20,
    },
  }
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const result = await run((line) => console.error(line))
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2))
