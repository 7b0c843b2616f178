import sharp from 'sharp'
import type { Bot } from '../../../domain/bot.ts'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import { pictureClassifierFamily as family } from '../../../models/families/picture-classifier/family.ts'
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
  const { assets, signal } = context
  const recipe = await readRecipe(bot, context.botsFolder)
  context.tell('drawing what it learns from')
  let told = Date.now()
  const examples = placed(examplesOf(drawingsOf(recipe)), {
    bot: bot.name,
    golden: new Set(recipe.golden),
    ...(family.fingerprintOf && { fingerprintOf: family.fingerprintOf }),
  })
  const held: HeldInput[] = []
  const task = {
    labels: bot.labels.map(({ id }) => id),
    signal,
    onProgress: (text: string) => {
      if (Date.now() - told < tellEveryMs) return
      told = Date.now()
      context.tell(text)
    },
  }
  const dataset = await family.prepare(keepingHeld(examples, held, pngOf), task, assets)
  checkGolden(`bots/${bot.name}/starter-data.yaml`, recipe.golden, dataset.examples)
  const { seed, notes } = recipe
  return { seed, notes, held, filesFor: dataset.filesFor }
}

/** Starter versions of picture bots: drawings of npm packages. */
export const pictureStarter: StarterFamily = {
  sources: ['models/families/picture-classifier/family.ts', 'workers/starter/pictures/picture-starter.ts'],
  collect,
}
