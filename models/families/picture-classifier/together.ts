import { z } from 'zod'
import { jsonBytes, readJson, type VersionFiles } from '../../files.ts'
import { figuresOf, type Figures, type Outcome } from '../../../domain/model/evaluation.ts'
import { DatasetInvalid } from '../../training/task.ts'
import { type Dataset, trainRowsOf, readDatasetFiles } from '../../encoder-head/dataset.ts'
import { isOfPeople } from '../../datasets/examples.ts'
import { pointAt, unsureOf, type CurvePoint, type Unsure } from '../../evaluation/risk-coverage.ts'
import { figuresHead, figuresRow } from './figures-table.ts'

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
  readonly unsure: Unsure
}

export interface Together {
  readonly method: string
  readonly labels: readonly string[]
  /** Slot by slot, then `average`. */
  readonly answers: readonly Answer[]
}

const method =
  'leave one vendor out, for each version as in its own evaluation; the average is the mean of the calibrated probabilities that the versions gave to the same picture, each by a head that never saw its vendor'

interface HeldOut {
  readonly name: string
  readonly answers: readonly { readonly vendor: string; readonly outcome: Outcome }[]
}

/** Corrections are never judged this way. */
const heldOutFrom = (name: string, dataset: Dataset, probabilities: readonly (readonly number[])[]): HeldOut => ({
  name,
  answers: dataset.examples.flatMap((example, index) => {
    const outcome = { truth: dataset.labels.indexOf(example.label), probabilities: probabilities[index] ?? [] }
    return isOfPeople(example) ? [] : [{ vendor: example.vendor, outcome }]
  }),
})

function answerOf({ name, answers: outcomes }: HeldOut, dataset: Dataset): Answer {
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
    unsure: unsureOf(outcomes.map(({ outcome }) => outcome)),
  }
}

const meanOf = (tables: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] =>
  (tables[0] ?? []).map((row, index) =>
    row.map((_, label) => tables.reduce((sum, table) => sum + (table[index]?.[label] ?? 0), 0) / tables.length),
  )

/** What every version said, and the average of all. @throws DatasetInvalid, ModelNotReady. */
function readHeldOut(versions: ReadonlyMap<string, VersionFiles>) {
  const read = [...versions].map(([slot, files]) => ({
    slot,
    dataset: trainRowsOf(readDatasetFiles(files)),
    probabilities: readJson(files, heldOutFileName, heldOutFile).probabilities,
  }))
  const [first] = read
  if (first === undefined) throw new DatasetInvalid('there is no version to compare')
  const { dataset } = first
  const same = read.every((one) => one.dataset.root === dataset.root)
  if (!same || read.some(({ probabilities }) => probabilities.length !== dataset.examples.length))
    throw new DatasetInvalid('versions can be compared only on the same examples')
  const each = read.map(({ slot, probabilities }) => heldOutFrom(slot, dataset, probabilities))
  const average = heldOutFrom('average', dataset, meanOf(read.map(({ probabilities }) => probabilities)))
  return { dataset, heldOut: [...each, average] }
}

/**
 * What would happen if people were asked about every answer under this confidence: slot by slot, then `average`.
 * @throws DatasetInvalid when they did not learn from the same examples; ModelNotReady when a file is damaged.
 */
export function askedUnder(
  versions: ReadonlyMap<string, VersionFiles>,
  confidence: number,
): ReadonlyMap<string, CurvePoint> {
  const points = readHeldOut(versions).heldOut.map(({ name, answers }) => {
    const outcomes = answers.map(({ outcome }) => outcome)
    return [name, pointAt(outcomes, confidence)] as const
  })
  return new Map(points)
}

/** What a card says of the versions that answer beside this one, and of the average of all. */
function sectionOfTogether({ method, labels, answers }: Together): string {
  const rows = answers.flatMap(({ name, vendors, pooled }) => [
    ...vendors.map((figures) => figuresRow([name, figures.vendor], figures)),
    figuresRow([name, 'all'], pooled),
  ])
  return `
## Beside the other live versions
Method: ${method}.

${[figuresHead(['answer', 'left out'], labels[0] ?? ''), ...rows].join('\n')}
`
}

/**
 * Figures of versions that answer side by side, and of their average, on the same examples.
 * @throws DatasetInvalid when they did not learn from the same examples; ModelNotReady when a file is damaged.
 */
export function figuresTogether(versions: ReadonlyMap<string, VersionFiles>): Together {
  const { dataset, heldOut } = readHeldOut(versions)
  return { method, labels: dataset.labels, answers: heldOut.map((one) => answerOf(one, dataset)) }
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
