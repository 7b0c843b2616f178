import type { VersionFiles } from '../files.ts'
import type { FamilyTask } from '../training/task.ts'
import { checkLearnable, rootOf } from './examples.ts'
import type { CorrectionExample, Merged } from './merge-corrections.ts'

export interface ExtendTask extends Pick<FamilyTask, 'onProgress' | 'signal'> {
  /** All labels of the bot, new ones included. */
  readonly labels: readonly string[]
  /** All corrections that are accepted, not only new ones. */
  readonly corrections: readonly CorrectionExample[]
}

/** A dataset made of a parent's and corrections. */
export interface Extended extends Pick<Merged, 'used' | 'leftOut' | 'overridden'> {
  readonly files: VersionFiles
  readonly root: string
  readonly size: number
  readonly labelCounts: Readonly<Record<string, number>>
}

/** What is told of a dataset that was made of merged examples. @throws DatasetInvalid when nothing can be learned from it. */
export function extendedOf(merged: Merged, labels: readonly string[], files: VersionFiles): Extended {
  checkLearnable(merged)
  const { used, leftOut, overridden, examples } = merged
  const counts = labels.map((label) => [label, examples.filter((one) => one.label === label).length] as const)
  const labelCounts = Object.fromEntries(counts)
  return { files, root: rootOf(examples), size: examples.length, labelCounts, used, leftOut, overridden }
}
