import { normalisePicture } from '../../adapters/media/normalise-picture.ts'
import type { Blobs } from '../../adapters/blobs/files.ts'
import { type Bot, slotsOf } from '../../domain/bot.ts'
import sharp from 'sharp'
import { normaliseText, pictureInput } from '../../domain/model/preprocessing.ts'
import type { RawExample } from '../../models/datasets/examples.ts'
import type { VersionFiles } from '../../models/files.ts'
import { families } from '../../models/families/index.ts'
import { type ClassifierFamily, classifierOf, type OpenContext } from '../../models/family.ts'
import { openTensorflow } from '../../models/tensorflow.ts'
import { factsOf } from '../../models/version-facts.ts'
import type { Db } from '../../store/db.ts'
import { configOfThisProcess } from '../../infra/config.ts'
import { assetsOf } from '../../workers/open-models.ts'
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
    return { id: `question/${index}`, label, vendor, weight: 1, input: Buffer.from(normaliseText(text)) }
  })
  const golden: Raw = {
    id: 'golden/grid',
    label: 'grid',
    vendor: 'golden',
    weight: 1,
    input: Buffer.from('who maintains the data grid?'),
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

/** What a small version learns from, by what its bot is asked about. */
interface Material {
  readonly raws: readonly Raw[]
  readonly golden: readonly string[]
  readonly show: (input: Uint8Array) => Promise<Pick<HeldInput, 'kind' | 'bytes'>>
  readonly split?: { readonly past: readonly string[]; readonly test: readonly string[] }
}

async function pngOf(pixels: Uint8Array): Promise<Pick<HeldInput, 'kind' | 'bytes'>> {
  const { size, channels } = pictureInput
  const raw = { width: size, height: size, channels }
  return { kind: 'picture', bytes: new Uint8Array(await sharp(pixels, { raw }).png({ palette: true }).toBuffer()) }
}

const materialOf = async (bot: Bot, botsFolder: string): Promise<Material> =>
  bot.input.kind === 'picture'
    ? { raws: await drawings(bot), golden: [], show: pngOf }
    : {
        raws: await questions(bot, botsFolder),
        golden: ['golden/grid'],
        show: (bytes) => Promise.resolve({ kind: 'text', bytes }),
        split: { past: ['early'], test: ['late'] },
      }

/** The first version of every slot of a bot. */
async function make(
  bot: Bot,
  family: ClassifierFamily,
  tools: OpenContext & Pick<Workshop, 'botsFolder'>,
): Promise<Made> {
  const { tensorflow, assets } = tools
  const { raws, golden, show, split } = await materialOf(bot, tools.botsFolder)
  const held: HeldInput[] = []
  const placing = {
    bot: bot.name,
    golden: new Set(golden),
    ...(family.fingerprintOf && { fingerprintOf: family.fingerprintOf }),
  }
  const task = { labels: bot.labels.map(({ id }) => id), ...(split && { split }) }
  const dataset = await family.prepare(keepingHeld(placed(streamOf(raws), placing), held, show), task, assets)
  const files = new Map<string, VersionFiles>()
  for (const slot of slotsOf(bot))
    files.set(slot.name, await family.trainer.train(tensorflow, dataset.filesFor(slot), { bot: bot.name, notes, seed }))
  return { held, files: family.together?.(files) ?? files }
}

/** Trains and registers the first versions of bots on a handful of examples: the product's own trainers, a hundredth of its data. */
export async function makeSmallBots({ db, blobs, botsFolder }: Workshop, bots: readonly Bot[]): Promise<void> {
  const config = configOfThisProcess()
  const tensorflow = await openTensorflow('auto')
  const assets = assetsOf(config, () => Promise.resolve(tensorflow))
  for (const bot of bots) {
    const family = classifierOf(families, bot.family)
    const { files, held } = await make(bot, family, { tensorflow, assets, botsFolder })
    const { datasetFiles } = family
    const versions = [...files].map(([slot, all]) => ({ slot, files: all, datasetFiles, facts: factsOf(all) }))
    await registerFirstVersions({ db, blobs }, bot, { versions, held })
  }
}
