import type { TextDataset } from '../dataset.ts'
import { accuracyOf, judgedBy, type Measuring } from './judge-fits.ts'
import { fewOf, type Part } from '../parts.ts'

/** How good a head is that has seen only a few examples of each label. */
export interface FewFigures {
  readonly perLabel: number
  readonly draws: number
  /** The mean over the draws, and the worst and the best of them. */
  readonly accuracy: number
  readonly lowest: number
  readonly highest: number
}

const fewDraws = 10
const fewCounts = [5, 20] as const

/** How many heads it trains. */
export const fewFits = fewCounts.length * fewDraws

async function accuracyWithFew(
  dataset: TextDataset,
  part: Part,
  options: Measuring & { readonly strength: number; readonly perLabel: number; readonly draw: number },
): Promise<number> {
  const { perLabel, draw, strength } = options
  const from = fewOf(dataset, [...part.learn, ...part.validate], { count: perLabel, seed: options.seed + draw })
  return accuracyOf(
    await judgedBy(dataset, { name: `few ${perLabel} ${draw}`, from, on: part.test, strength }, options),
  )
}

export async function fewFigures(dataset: TextDataset, part: Part, options: Measuring & { readonly strength: number }) {
  const figures: FewFigures[] = []
  for (const perLabel of fewCounts) {
    const accuracies: number[] = []
    for (let draw = 0; draw < fewDraws; draw += 1)
      accuracies.push(await accuracyWithFew(dataset, part, { ...options, perLabel, draw }))
    const [lowest, highest] = [Math.min(...accuracies), Math.max(...accuracies)]
    const accuracy = accuracies.reduce((sum, one) => sum + one, 0) / fewDraws
    figures.push({ perLabel, draws: fewDraws, accuracy, lowest, highest })
  }
  return figures
}
