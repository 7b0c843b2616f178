import type { Families } from '../family.ts'
import { pictureClassifierFamily } from './picture-classifier/family.ts'
import { textClassifierFamily } from './text-classifier/family.ts'

/** Every kind of model that this program knows, by the name that `bot.yaml` says. */
export const families: Families = {
  'picture-classifier': pictureClassifierFamily,
  'text-classifier': textClassifierFamily,
}
