import { normalisePicture } from '../../adapters/media/normalise-picture.ts'
import type { Blobs } from '../../adapters/blobs/files.ts'
import { type Bot, slotsOf } from '../../domain/bot.ts'
import sharp from 'sharp'
import { normaliseText, pictureInput } from '../../domain/model/preprocessing.ts'
import { openBackbone } from '../../models/backbone.ts'
import type { RawExample, VersionFiles } from '../../models/family.ts'
import { pictureClassifier } from '../../models/picture-classifier.ts'
import { cutDataset } from '../../models/pictures/cuts.ts'
import { differenceHash } from '../../models/pictures/near-duplicates.ts'
import { openTensorflow, type Tensorflow } from '../../models/tensorflow.ts'
import { bytesOfText } from '../../models/text/dataset.ts'
import { openTextBackbone } from '../../models/text/encoder/encoder.ts'
import { textClassifier } from '../../models/text/text-classifier.ts'
import { factsOf, withTogether } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import { testSettings } from '../../test/support/settings.ts'
import { type HeldInput, keepingHeld } from '../../workers/starter/held-inputs.ts'
import { placed } from '../../workers/starter/placed.ts'
import { registerFirstVersions } from '../../workers/starter/register-versions.ts'
import { readTitleRecipe } from '../../workers/starter/titles/recipe.ts'
import { drawnPerson, hands, type Thing } from './drawings.ts'

type Raw = RawExample<Uint8Array>

interface Workshop {
  readonly db: Db
  readonly blobs: Blobs
  /** The folder of the bots. */
  readonly botsFolder: string
}

const notes =
  'Made for a recorded release: a few examples of our own, so that its files are small. It is good for nothing else.'
const seed = 7
const topicsPerLabel = 4

async function* streamOf(examples: readonly Raw[]): AsyncGenerator<Raw> {
  for (const example of examples) yield await Promise.resolve(example)
}

/** Questions of our own about a few topics of each label; later ones are what the version is measured on. */
async function questions(bot: Bot, botsFolder: string): Promise<readonly Raw[]> {
  const {
    questions: { topics },
  } = await readTitleRecipe(bot, botsFolder)
  const asked = Object.entries(topics).flatMap(([label, all]) =>
    all
      .slice(0, topicsPerLabel)
      .map((topic, index) => ({ label, text: `who owns ${topic}?`, early: index < topicsPerLabel / 2 })),
  )
  const examples = asked.map(({ label, text, early }, index): Raw => {
    const vendor = early ? 'early' : 'late'
    return { id: `question/${index}`, label, vendor, weight: 1, input: bytesOfText(normaliseText(text)) }
  })
  const golden: Raw = {
    id: 'golden/grid',
    label: 'grid',
    vendor: 'golden',
    weight: 1,
    input: bytesOfText('who maintains the data grid?'),
  }
  return [golden, ...examples]
}

async function drawings(bot: Bot): Promise<readonly Raw[]> {
  const thing: Thing = bot.name === 'after-dark' ? 'laptop' : 'hat'
  const [one, other] = bot.labels.map(({ id }) => id)
  const all = hands.flatMap((hand) =>
    [2, 3].flatMap((variant) => [
      { hand, variant, thing, label: one ?? '' },
      { hand, variant, thing: 'nothing' as const, label: other ?? '' },
    ]),
  )
  return Promise.all(
    all.map(async ({ hand, variant, thing: drawn, label }): Promise<Raw> => {
      const { pixels } = await normalisePicture(await drawnPerson({ hand, thing: drawn, variant }))
      return { id: `drawing/${hand}/${drawn}/${variant}`, label, vendor: hand, weight: 1, input: pixels }
    }),
  )
}

interface Made {
  readonly files: ReadonlyMap<string, VersionFiles>
  readonly held: readonly HeldInput[]
}

const labelsOf = ({ labels }: Bot) => labels.map(({ id }) => id)

async function textVersion(tensorflow: Tensorflow, bot: Bot, botsFolder: string): Promise<Made> {
  const held: HeldInput[] = []
  const examples = placed(streamOf(await questions(bot, botsFolder)), {
    bot: bot.name,
    golden: new Set(['golden/grid']),
  })
  const family = textClassifier({
    tensorflow,
    backbone: await openTextBackbone(tensorflow, testSettings().textEncoder),
  })
  const options = { labels: labelsOf(bot), split: { past: ['early'], test: ['late'] } }
  const dataset = await family.prepare(
    keepingHeld(examples, held, (bytes) => ({ kind: 'text', bytes })),
    options,
  )
  return { held, files: new Map([['main', await family.train(dataset, { bot: bot.name, notes, seed })]]) }
}

async function pngOf(pixels: Uint8Array): Promise<Pick<HeldInput, 'kind' | 'bytes'>> {
  const { size, channels } = pictureInput
  const raw = { width: size, height: size, channels }
  return { kind: 'picture', bytes: new Uint8Array(await sharp(pixels, { raw }).png({ palette: true }).toBuffer()) }
}

async function pictureVersions(tensorflow: Tensorflow, bot: Bot): Promise<Made> {
  const held: HeldInput[] = []
  const backbone = await openBackbone(tensorflow, testSettings().backboneWeights)
  const family = pictureClassifier({ tensorflow, backbone })
  const examples = placed(streamOf(await drawings(bot)), {
    bot: bot.name,
    golden: new Set(),
    fingerprintOf: differenceHash,
  })
  const dataset = await family.prepare(keepingHeld(examples, held, pngOf), { labels: labelsOf(bot) })
  const files = new Map<string, VersionFiles>()
  for (const { name, cuts } of slotsOf(bot))
    files.set(name, await family.train(cutDataset(dataset, backbone, cuts), { bot: bot.name, notes, seed }))
  return { held, files: withTogether(bot.family, files) }
}

/** Trains and registers the first versions of bots on a handful of examples: the product's own trainers, a hundredth of its data. */
export async function makeSmallBots({ db, blobs, botsFolder }: Workshop, bots: readonly Bot[]): Promise<void> {
  const tensorflow = await openTensorflow('auto')
  for (const bot of bots) {
    const { files, held } =
      bot.family === 'text-classifier'
        ? await textVersion(tensorflow, bot, botsFolder)
        : await pictureVersions(tensorflow, bot)
    const versions = [...files].map(([slot, all]) => ({ slot, files: all, facts: factsOf(bot.family, all) }))
    await registerFirstVersions({ db, blobs }, bot, { versions, held })
  }
}
