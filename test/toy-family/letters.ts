import { z } from 'zod'
import { softmax } from '../../domain/model/calibration.ts'
import { figuresOf, mostLikely } from '../../domain/model/evaluation.ts'
import { textInput } from '../../domain/model/preprocessing.ts'
import { gateIds } from '../../domain/rollout/verdict.ts'
import {
  checkLearnable,
  type Example,
  examplesFileName,
  exampleShape,
  partOfExample,
  readExamples,
  rootOf,
} from '../../models/datasets/examples.ts'
import { extendedOf } from '../../models/datasets/extended.ts'
import { mergeCorrections } from '../../models/datasets/merge-corrections.ts'
import { heldFiguresOf } from '../../models/evaluation/held-figures.ts'
import { unsureOf } from '../../models/evaluation/risk-coverage.ts'
import type { ClassifierFamily } from '../../models/family.ts'
import {
  bytesOfNumbers,
  fileOf,
  jsonBytes,
  numbersOfBytes,
  readJson,
  sha256Of,
  type VersionFiles,
} from '../../models/files.ts'
import type { Classifier } from '../../models/model.ts'

/* A whole family in one file, of a test: it counts the letters of a text, and says where such letters were seen most. */

const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
const width = letters.length
const countsFileName = 'counts.bin'
const trainerVersion = 'letter-counter-1'

const countsOf = (text: Uint8Array): readonly number[] => {
  const seen = new TextDecoder().decode(text).toLowerCase()
  return letters.map((letter) => seen.split(letter).length - 1)
}

/** Labels, examples, and of each example its counts in the same order. */
interface Counted {
  readonly labels: readonly string[]
  readonly examples: readonly Example[]
  readonly counts: readonly (readonly number[])[]
}

const filesOf = ({ labels, examples, counts }: Counted): VersionFiles => ({
  [examplesFileName]: jsonBytes({
    labels,
    preprocessingVersion: textInput.version,
    examples: examples.map((example) => exampleShape.parse(example)),
  }),
  [countsFileName]: bytesOfNumbers([Float32Array.from(counts.flat())]),
})

function readCounted(files: VersionFiles): Counted & { readonly root: string } {
  const { labels, examples, root } = readExamples(files)
  const numbers = [...numbersOfBytes(fileOf(files, countsFileName))]
  return { labels, examples, root, counts: examples.map((_, row) => numbers.slice(row * width, (row + 1) * width)) }
}

/** Per label the logarithm of how often each letter was seen under it, each letter once more than it was. */
function learn({ labels, examples, counts }: Counted): readonly (readonly number[])[] {
  return labels.map((label) => {
    const sums = letters.map((_, letter) =>
      examples.reduce((sum, example, row) => {
        const isLearned = partOfExample(example) === 'train' && example.label === label
        return isLearned ? sum + example.weight * (counts[row]?.[letter] ?? 0) : sum
      }, 1),
    )
    const all = sums.reduce((sum, one) => sum + one, 0)
    return sums.map((one) => Math.log(one / all))
  })
}

type Weights = readonly (readonly number[])[]

const logitsOf = (weights: Weights, counts: readonly number[]): readonly number[] =>
  weights.map((row) => row.reduce((sum, weight, letter) => sum + weight * (counts[letter] ?? 0), 0))

/** What a version's evaluation tells, on what it learned from: a toy has nothing better to say. */
function evaluationOf(counted: Counted, weights: Weights) {
  const { labels, examples, counts } = counted
  const probabilities = counts.map((row) => softmax(logitsOf(weights, row), 1))
  const outcomes = examples.map(({ label }, row) => ({
    truth: labels.indexOf(label),
    probabilities: probabilities[row] ?? [],
  }))
  return {
    method: 'on the examples that it learned from',
    ...{ labels, pooled: figuresOf(outcomes, labels.length), temperature: 1, unsure: unsureOf(outcomes) },
    ...heldFiguresOf({ labels, examples }, (indices) => indices.map((index) => probabilities[index] ?? [])),
  }
}

const metadata = z.looseObject({ labels: z.array(z.string()) })

function readVersion(files: VersionFiles) {
  const { labels } = readJson(files, 'metadata.json', metadata)
  const numbers = [...numbersOfBytes(fileOf(files, 'weights.bin'))]
  return { labels, weights: labels.map((_, row) => numbers.slice(row * width, (row + 1) * width)) }
}

function openVersion(files: VersionFiles): Classifier {
  const { labels, weights } = readVersion(files)
  return {
    kind: 'classifier',
    labels,
    signature: {
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
      outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, labels.length] }],
    },
    predict: (inputs) =>
      Promise.resolve(
        inputs.map((input) => {
          const probabilities = softmax(logitsOf(weights, countsOf(input)), 1)
          const best = mostLikely(probabilities)
          return {
            ...{ label: labels[best] ?? '', confidence: probabilities[best] ?? 0, known: true, evalMs: 0.1 },
            probabilities: Object.fromEntries(labels.map((label, at) => [label, probabilities[at] ?? 0])),
          }
        }),
      ),
    explain: () => Promise.resolve([]),
    warmUp: () => Promise.resolve(),
    dispose: () => undefined,
  }
}

export const letterCounter: ClassifierFamily = {
  kind: 'classifier',
  input: { kind: 'text', preprocessingVersion: textInput.version, moderated: false },
  inputNoun: 'texts',
  assets: [],
  datasetFiles: [examplesFileName, countsFileName],
  gates: gateIds,
  trainer: {
    version: trainerVersion,
    budgetMs: 10_000,
    train: ({ backend, versions }, files, { bot, seed, notes }) => {
      const counted = readCounted(files)
      const weights = learn(counted)
      const weightsFile = bytesOfNumbers([Float32Array.from(weights.flat())])
      const described = {
        ...{ bot, family: 'letter-counter', trainerVersion, labels: counted.labels, backend, seed, notes },
        ...{ preprocessingVersion: textInput.version, machine: process.platform, libraries: { ...versions } },
        ...{ datasetRoot: counted.root, temperature: 1, weightsSha256: sha256Of(weightsFile) },
      }
      return Promise.resolve({
        ...files,
        'weights.bin': weightsFile,
        'metadata.json': jsonBytes(described),
        'evaluation.json': jsonBytes(evaluationOf(counted, weights)),
        'card.md': new TextEncoder().encode(`# ${bot}\n\nIt counts letters.\n`),
      })
    },
  },
  prepare: async (raws, { labels }) => {
    const [examples, counts]: [Example[], (readonly number[])[]] = [[], []]
    for await (const { input, ...described } of raws) {
      examples.push({ ...described, inputSha256: sha256Of(input) })
      counts.push(countsOf(input))
    }
    checkLearnable({ examples })
    const files = filesOf({ labels, examples, counts })
    return { examples, filesFor: () => files }
  },
  extend: (files, task) => {
    const parent = readCounted(files)
    const merged = mergeCorrections(parent.examples, task.corrections, task.labels)
    const known = new Map(parent.examples.map(({ inputSha256 }, row) => [inputSha256, parent.counts[row]]))
    const counts = merged.examples.map(
      ({ inputSha256 }) => known.get(inputSha256) ?? countsOf(merged.inputs.get(inputSha256) ?? new Uint8Array()),
    )
    const grown = filesOf({ labels: task.labels, examples: merged.examples, counts })
    return Promise.resolve(extendedOf(merged, task.labels, grown))
  },
  judge: (version, files) => {
    const { labels, weights } = readVersion(version)
    const dataset = readCounted(files)
    const logits = (indices: readonly number[]) =>
      indices.map((index) => logitsOf(weights, dataset.counts[index] ?? []))
    return { labels, temperature: 1, dataset: { ...dataset, root: rootOf(dataset.examples) }, logits }
  },
  open: (files) => Promise.resolve(openVersion(files)),
}
