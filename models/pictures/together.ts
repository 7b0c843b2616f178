import { z } from 'zod'
import { figuresOf, type Figures, type Outcome } from '../../domain/evaluation.ts'
import { DatasetInvalid, type Dataset, type VersionFiles } from '../family.ts'
import { jsonBytes, readDatasetFiles, readJson } from './version-files.ts'
import { sectionOfTogether } from './card.ts'

/** What a version said about every example while its vendor was left out; with it versions can be compared without training again. */
export const heldOutFileName = 'held-out.json'

const heldOutFile = z.object({ probabilities: z.array(z.array(z.number())) })

/** Rounded to 1e-6, so that the file stays small. */
export const heldOutOf = (probabilities: readonly (readonly number[])[]): Uint8Array =>
  jsonBytes({ probabilities: probabilities.map((row) => row.map((value) => Math.round(value * 1e6) / 1e6)) })

/** Figures of one slot's version, or of the average of all. */
interface Answer {
  readonly name: string
  readonly vendors: readonly (Figures & { readonly vendor: string })[]
  readonly pooled: Figures
}

export interface Together {
  readonly method: string
  readonly labels: readonly string[]
  /** Slot by slot, then `average`. */
  readonly answers: readonly Answer[]
}

const method =
  'leave one vendor out, for each version as in its own evaluation; the average is the mean of the calibrated probabilities that the versions gave to the same picture, each by a head that never saw its vendor'

function answerOf(name: string, dataset: Dataset, probabilities: readonly (readonly number[])[]): Answer {
  const outcomes = dataset.examples.map(({ vendor, label }, index) => ({
    vendor,
    outcome: { truth: dataset.labels.indexOf(label), probabilities: probabilities[index] ?? [] } satisfies Outcome,
  }))
  const figures = (some: typeof outcomes) =>
    figuresOf(
      some.map(({ outcome }) => outcome),
      dataset.labels.length,
    )
  const vendors = [...new Set(outcomes.map(({ vendor }) => vendor))].toSorted()
  return {
    name,
    vendors: vendors.map((vendor) => ({ vendor, ...figures(outcomes.filter((one) => one.vendor === vendor)) })),
    pooled: figures(outcomes),
  }
}

const meanOf = (tables: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] =>
  (tables[0] ?? []).map((row, index) =>
    row.map((_, label) => tables.reduce((sum, table) => sum + (table[index]?.[label] ?? 0), 0) / tables.length),
  )

/**
 * Figures of versions that answer side by side, and of their average, on the same examples.
 * @throws DatasetInvalid when they did not learn from the same examples; ModelNotReady when a file is damaged.
 */
export function figuresTogether(versions: ReadonlyMap<string, VersionFiles>): Together {
  const read = [...versions].map(([slot, files]) => ({
    slot,
    dataset: readDatasetFiles(files),
    probabilities: readJson(files, heldOutFileName, heldOutFile).probabilities,
  }))
  const [first] = read
  if (first === undefined) throw new DatasetInvalid('there is no version to compare')
  const { dataset } = first
  const same = read.every((one) => one.dataset.root === dataset.root)
  if (!same || read.some(({ probabilities }) => probabilities.length !== dataset.examples.length))
    throw new DatasetInvalid('versions can be compared only on the same examples')
  const answers = read.map(({ slot, probabilities }) => answerOf(slot, dataset, probabilities))
  const average = answerOf('average', dataset, meanOf(read.map(({ probabilities }) => probabilities)))
  return { method, labels: dataset.labels, answers: [...answers, average] }
}

/** Writes the common figures into `evaluation.json` and `card.md` of every version; one alone stays as it is. */
export function withTogether(versions: ReadonlyMap<string, VersionFiles>): ReadonlyMap<string, VersionFiles> {
  if (versions.size < 2) return versions
  const together = figuresTogether(versions)
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()]
  return new Map(
    [...versions].map(([slot, files]) => {
      const evaluation = readJson(files, 'evaluation.json', z.looseObject({}))
      const card = decoder.decode(files['card.md']) + sectionOfTogether(together)
      const changed = { 'evaluation.json': jsonBytes({ ...evaluation, together }), 'card.md': encoder.encode(card) }
      return [slot, { ...files, ...changed }] as const
    }),
  )
}
