import { configOfThisProcess } from '../../../infra/config.ts'
import { families } from '../../../models/families/index.ts'
import type { TextDataset } from '../../../models/families/text-classifier/dataset.ts'
import { textEncoder } from '../../../models/families/text-classifier/encoder/encoder.ts'
import { evaluate, type Evaluation } from '../../../models/families/text-classifier/evaluate.ts'
import type { EvaluateOptions } from '../../../models/families/text-classifier/training/judge-fits.ts'
import { textClassifier } from '../../../models/families/text-classifier/text-classifier.ts'
import { openTensorflow, type Tensorflow } from '../../../models/tensorflow.ts'
import { botsFolder, loadBots } from '../../bots/bots.ts'
import { exampleOfQuestion, exampleOfTitle, readChangelogs, streamOf } from './examples.ts'
import { labelledTitlesOf, type LabelledTitle, maskTitle, splitOf } from './labelled-titles.ts'
import { questionsOf } from './questions.ts'
import { readTitleRecipe } from './recipe.ts'
import { assetsOf } from '../../open-models.ts'
import { titlesFolder } from './title-starter.ts'

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
async function measure({ tf }: Tensorflow, dataset: TextDataset, options: EvaluateOptions) {
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

async function readSources() {
  const config = configOfThisProcess()
  const bot = (await loadBots(families)).find(({ name }) => name === 'team-router')
  if (bot === undefined) throw new RangeError('there is no bot team-router')
  const recipe = await readTitleRecipe(bot, botsFolder)
  const titles = labelledTitlesOf(await readChangelogs(titlesFolder(config)), recipe)
  const tensorflow = await openTensorflow(config.tensorflow)
  const assets = assetsOf(config, () => Promise.resolve(tensorflow))
  const family = textClassifier({ tensorflow, backbone: await assets.open(textEncoder) })
  const prepareOptions = { labels: bot.labels.map(({ id }) => id), split: splitOf(titles, recipe) }
  return { recipe, titles, tensorflow, family, prepareOptions }
}

type Sources = Awaited<ReturnType<typeof readSources>>

/** The titles without the names of components. Two titles can be one then; the first team keeps it, as nothing tells them apart. */
function maskedDataset({ recipe, titles, family, prepareOptions }: Sources): Promise<TextDataset> {
  const first = new Map<string, LabelledTitle>()
  for (const title of titles) {
    const text = maskTitle(title.text, recipe)
    if (!first.has(text)) first.set(text, { ...title, text })
  }
  return family.prepare(streamOf([...first.values()].map(exampleOfTitle)), prepareOptions)
}

/** The titles as they are, and the questions about topics in parts; which part is judged is the split's choice. */
function openDataset({ recipe, titles, family, prepareOptions }: Sources): Promise<TextDataset> {
  const topics = Object.values(recipe.questions.topics).flat()
  const asked = questionsOf(recipe, titles).map((question) => {
    const place = topics.indexOf(question.topic)
    // A question about a title knows what the title knows, so it is never judged.
    return exampleOfQuestion(question, place < 0 ? 'questions-about-titles' : `questions-${place % topicParts}`)
  })
  return family.prepare(streamOf([...titles.map(exampleOfTitle), ...asked]), prepareOptions)
}

/** The same dataset, judged on the questions about topics that nothing else asks about. */
function withUnseenTopics(dataset: TextDataset): TextDataset {
  const vendors = [...new Set(dataset.examples.map(({ vendor }) => vendor))]
  const judged = `questions-${topicParts - 1}`
  return { ...dataset, split: { past: vendors.filter((vendor) => vendor !== judged), test: [judged] } }
}

/** How good a version of the recipe's texts is, by time and by topic. @param say hears how far it is. */
export async function figuresOfTitles(say: (line: string) => void) {
  const sources = await readSources()
  const { tensorflow, recipe } = sources
  const options = { seed: recipe.seed, onProgress: say }
  const open = await openDataset(sources)
  const unmasked = await measure(tensorflow, open, options)
  const masked = await measure(tensorflow, await maskedDataset(sources), options)
  const questions = await evaluate(tensorflow.tf, withUnseenTopics(open), options)
  return {
    backend: tensorflow.backend,
    published,
    timeSplit: { unmasked, masked },
    questionsOfUnseenTopics: figuresOf(questions),
    beats: {
      majority: unmasked.accuracy > unmasked.majorityRate,
      ngramSvm: unmasked.accuracy > published.ngramSvm,
      ngramSvmWith5: (unmasked.fewExamples['5']?.accuracy ?? 0) > published.ngramSvmWith5,
      ngramSvmWith20: (unmasked.fewExamples['20']?.accuracy ?? 0) > published.ngramSvmWith20,
    },
  }
}
