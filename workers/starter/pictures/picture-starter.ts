import sharp from 'sharp'
import type { Bot } from '../../../domain/bot.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import { openBackbone } from '../../../models/backbone.ts'
import { pictureClassifier } from '../../../models/picture-classifier.ts'
import { cutDataset } from '../../../models/pictures/cuts.ts'
import { differenceHash } from '../../../models/pictures/near-duplicates.ts'
import { datasetFiles } from '../../../models/pictures/version-files.ts'
import { type HeldInput, keepingHeld } from '../held-inputs.ts'
import { checkGolden, placed } from '../placed.ts'
import type { Material, StarterContext, StarterFamily } from '../starter-family.ts'
import { drawingsOf } from './drawings.ts'
import { readRecipe } from './recipe.ts'
import { examplesOf } from './render.ts'

const tellEveryMs = 2_000

/** The normalised picture, as a file that anything can show. */
async function pngOf(pixels: Uint8Array): Promise<Pick<HeldInput, 'kind' | 'bytes'>> {
  const { size, channels } = pictureInput
  const bytes = await sharp(pixels, { raw: { width: size, height: size, channels } })
    .png()
    .toBuffer()
  return { kind: 'picture', bytes: new Uint8Array(bytes) }
}

/** Draws, renders and looks at the pictures of a recipe, once; each slot takes the columns of its cuts. */
async function collect(bot: Bot, context: StarterContext): Promise<Material> {
  const { config, tensorflow, signal } = context
  if (config.backboneWeights === undefined)
    throw new ModelNotReady('BACKBONE_WEIGHTS is not set; `npm start` provisions the weights and sets it')
  const recipe = await readRecipe(bot, context.botsFolder)
  context.tell('drawing what it learns from')
  const backbone = await openBackbone(tensorflow, config.backboneWeights)
  let told = Date.now()
  const examples = placed(examplesOf(drawingsOf(recipe)), {
    bot: bot.name,
    golden: new Set(recipe.golden),
    fingerprintOf: differenceHash,
  })
  const held: HeldInput[] = []
  const dataset = await pictureClassifier({ tensorflow, backbone }).prepare(keepingHeld(examples, held, pngOf), {
    labels: bot.labels.map(({ id }) => id),
    signal,
    onProgress: (text) => {
      if (Date.now() - told < tellEveryMs) return
      told = Date.now()
      context.tell(text)
    },
  })
  checkGolden(`bots/${bot.name}/starter-data.yaml`, recipe.golden, dataset.examples)
  const { seed, notes } = recipe
  return { seed, notes, held, filesFor: ({ cuts }) => datasetFiles(cutDataset(dataset, backbone, cuts)) }
}

/** Starter versions of picture bots: drawings of npm packages. */
export const pictureStarter: StarterFamily = {
  sources: ['models/picture-classifier.ts', 'workers/starter/pictures/picture-starter.ts'],
  collect,
}
