import type { ModelFamily } from '../../domain/label.ts'
import { softmax } from '../../domain/model/calibration.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { figuresOf, mostLikely, type Figures } from '../../domain/model/evaluation.ts'
import { exampleParts, type ExamplePart } from '../../domain/learning/examples.ts'
import type { Dataset, Example, VersionFiles } from '../family.ts'
import { logitsOfRows } from '../pictures/heads/apply-head.ts'
import { readDatasetFiles, readVersion } from '../pictures/version-files.ts'
import { indicesWhere, partOfExample } from '../training/rows.ts'
import { judgeOn } from '../text/training/fit.ts'
import { readTextDatasetFiles, readTextVersion } from '../text/version-files.ts'

/** What a version says about one example. */
export interface JudgedRow {
  readonly id: string
  readonly part: ExamplePart
  readonly label: string
  readonly said: string
  readonly right: boolean
  /** The version cannot say this label, so it counts as wrong. */
  readonly unknownLabel: boolean
  /** Calibrated. */
  readonly probabilities: Readonly<Record<string, number>>
}

export interface JudgedPart {
  readonly count: number
  readonly right: number
  readonly unknownLabel: number
  /** `undefined` without examples. */
  readonly figures: Figures | undefined
}

export interface JudgedVersion {
  /** What the indices of figures mean: the dataset's labels, then those that only the version has. */
  readonly labels: readonly string[]
  readonly rows: readonly JudgedRow[]
  readonly parts: Readonly<Record<ExamplePart, JudgedPart>>
}

/** A version that can be asked about rows of a dataset. */
interface Judge {
  readonly labels: readonly string[]
  readonly temperature: number
  readonly dataset: Dataset
  readonly logits: (indices: readonly number[]) => readonly (readonly number[])[]
}

/** @throws ModelNotReady when the version reads other features than the dataset holds. */
function checkFeatures(own: Dataset, other: Dataset): void {
  const featuresOf = ({ backbone, preprocessingVersion }: Dataset) =>
    JSON.stringify([backbone.sha256, backbone.cuts, backbone.width, preprocessingVersion])
  if (featuresOf(own) !== featuresOf(other))
    throw new ModelNotReady('the version reads other features than this dataset holds')
}

function pictureJudge(version: VersionFiles, files: VersionFiles): Judge {
  const { metadata, head, dataset: own } = readVersion(version)
  const dataset = readDatasetFiles(files)
  checkFeatures(own, dataset)
  const { width } = dataset.backbone
  const rowOf = (index: number) => dataset.embeddings.subarray(index * width, (index + 1) * width)
  const logits: Judge['logits'] = (indices) => logitsOfRows(head, indices.map(rowOf))
  return { labels: metadata.labels, temperature: metadata.temperature, dataset, logits }
}

function textJudge(version: VersionFiles, files: VersionFiles): Judge {
  const { metadata, trained, dataset: own } = readTextVersion(version)
  const dataset = readTextDatasetFiles(files)
  checkFeatures(own, dataset)
  const logits: Judge['logits'] = (indices) => judgeOn(dataset, trained, indices)
  return { labels: metadata.labels, temperature: metadata.temperature, dataset, logits }
}

const judges: Readonly<Record<ModelFamily, (version: VersionFiles, dataset: VersionFiles) => Judge>> = {
  'picture-classifier': pictureJudge,
  'text-classifier': textJudge,
}

function rowOf({ labels, temperature }: Judge, example: Example, logits: readonly number[]): JudgedRow {
  const probabilities = softmax(logits, temperature)
  const said = labels[mostLikely(probabilities)] ?? ''
  const { id, label } = example
  return {
    id,
    part: partOfExample(example),
    label,
    said,
    right: said === label,
    unknownLabel: !labels.includes(label),
    probabilities: Object.fromEntries(labels.map((one, index) => [one, probabilities[index] ?? 0])),
  }
}

function partFigures(rows: readonly JudgedRow[], labels: readonly string[]): JudgedPart {
  const outcomes = rows.map(({ label, probabilities }) => ({
    truth: labels.indexOf(label),
    probabilities: labels.map((one) => probabilities[one] ?? 0),
  }))
  return {
    count: rows.length,
    right: rows.filter(({ right }) => right).length,
    unknownLabel: rows.filter(({ unknownLabel }) => unknownLabel).length,
    figures: outcomes.length === 0 ? undefined : figuresOf(outcomes, labels.length),
  }
}

/**
 * What a version says about examples of any dataset with the same features, by the embeddings that are stored there: no frozen network
 * and no TensorFlow, so champion, challenger and baseline are asked the same.
 * @param options.parts all but `train` when it does not say so.
 * @throws ModelNotReady when files are damaged, or the version reads other features than the dataset holds.
 */
export function judgeVersion(
  family: ModelFamily,
  version: VersionFiles,
  datasetFiles: VersionFiles,
  options: { readonly parts?: readonly ExamplePart[] } = {},
): JudgedVersion {
  const { parts = exampleParts.filter((part) => part !== 'train') } = options
  const judge = judges[family](version, datasetFiles)
  const { dataset } = judge
  const indices = indicesWhere(dataset, (example) => parts.includes(partOfExample(example)))
  const logits = judge.logits(indices)
  const rows = indices.flatMap((index, at) =>
    dataset.examples.slice(index, index + 1).map((example) => rowOf(judge, example, logits[at] ?? [])),
  )
  const labels = [...new Set([...dataset.labels, ...judge.labels])]
  const figures = exampleParts.map(
    (part) =>
      [
        part,
        partFigures(
          rows.filter((row) => row.part === part),
          labels,
        ),
      ] as const,
  )
  return { labels, rows, parts: Object.fromEntries(figures) as Record<ExamplePart, JudgedPart> }
}
