import { textInput } from '../../../domain/model/preprocessing.ts'
import { gateIds } from '../../../domain/rollout/verdict.ts'
import { openClassifier } from '../../encoder-head/classifier.ts'
import { checkFeatures } from '../../encoder-head/dataset.ts'
import { extendDataset } from '../../encoder-head/extend-dataset.ts'
import type { ClassifierFamily } from '../../family.ts'
import { bytesOfText, collectTexts, textOfBytes, withNewGrams } from './dataset.ts'
import { textEncoder } from './encoder/encoder.ts'
import { textClassifier } from './text-classifier.ts'
import { judgeOn, training } from './training/fit.ts'
import { trainTextVersion } from './training/train-version.ts'
import { readTextDatasetFiles, readTextVersion, textDatasetFileNames, textDatasetFiles } from './version-files.ts'

const { version: preprocessingVersion } = textInput

/** Short texts in one of several labels: a frozen encoder beside hashed n-grams, a head trained from scratch. */
export const textClassifierFamily: ClassifierFamily = {
  kind: 'classifier',
  input: { kind: 'text', preprocessingVersion, moderated: false },
  inputNoun: 'texts',
  assets: [textEncoder],
  datasetFiles: Object.values(textDatasetFileNames),
  gates: gateIds,
  trainer: {
    version: training.version,
    budgetMs: training.budgetMs,
    train: (tensorflow, dataset, task) => trainTextVersion(tensorflow, readTextDatasetFiles(dataset), task),
  },
  prepare: async (examples, task, assets) => {
    const dataset = await collectTexts(await assets.open(textEncoder), examples, task)
    const files = textDatasetFiles(dataset)
    return { examples: dataset.examples, filesFor: () => files }
  },
  extend: async (files, task, assets) => {
    const parent = readTextDatasetFiles(files)
    const backbone = await assets.open(textEncoder)
    return extendDataset(parent, task, {
      backbone,
      preprocessingVersion,
      embed: (inputs) => backbone.embed(inputs.map(textOfBytes)),
      filesOf: (dataset, merged) => textDatasetFiles(withNewGrams(dataset, parent, merged)),
    })
  },
  judge: (version, files) => {
    const { metadata, trained, dataset: own } = readTextVersion(version)
    const dataset = readTextDatasetFiles(files)
    checkFeatures(own, dataset)
    const { labels, temperature } = metadata
    return { labels, temperature, dataset, logits: (indices) => judgeOn(dataset, trained, indices) }
  },
  open: async (files, { tensorflow, assets }) =>
    openClassifier(textClassifier({ tensorflow, backbone: await assets.open(textEncoder) }), {
      files,
      sample: bytesOfText('hello'),
      input: { name: 'text', datatype: 'BYTES', shape: [-1] },
    }),
}
