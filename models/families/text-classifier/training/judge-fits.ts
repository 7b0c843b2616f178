import { z } from 'zod'
import type { Judged } from '../../../../domain/model/calibration.ts'
import { mostLikely } from '../../../../domain/model/evaluation.ts'
import type { TextDataset } from '../dataset.ts'
import { fitOn, judgeOn, truthsOf, type FitOptions } from './fit.ts'
import type { Memory } from '../memory.ts'

const judgedOf = (logits: readonly (readonly number[])[], truths: readonly number[]): readonly Judged[] =>
  logits.map((row, index) => ({ logits: row, truth: truths[index] ?? 0, weight: 1 }))

export const accuracyOf = (judged: readonly Judged[]): number =>
  judged.filter(({ logits, truth }) => mostLikely(logits) === truth).length / judged.length

export type EvaluateOptions = Omit<FitOptions, 'strength' | 'onLoss'>

export interface Measuring extends EvaluateOptions {
  readonly memory: Memory
}

const logitsTable = z.array(z.array(z.number()))

/** What a head that learned from some examples says of others. */
export async function judgedBy(
  dataset: TextDataset,
  fit: {
    readonly name: string
    readonly from: readonly number[]
    readonly on: readonly number[]
    readonly strength: number
  },
  options: Measuring,
): Promise<readonly Judged[]> {
  const logits = await options.memory.recall(`${fit.name} ${fit.strength}`, logitsTable, () => {
    let last = 0
    const { strength } = fit
    const trained = fitOn(dataset, fit.from, { ...options, strength, onLoss: (loss) => (last = loss) })
    return { value: judgeOn(dataset, trained, fit.on).map((row) => [...row]), loss: last }
  })
  return judgedOf(logits, truthsOf(dataset, fit.on))
}
