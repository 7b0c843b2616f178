import { pictureInput } from '../../../domain/model/preprocessing.ts'
import { gateIds } from '../../../domain/rollout/verdict.ts'
import { checkFeatures, datasetFileNames, datasetFiles, readDatasetFiles } from '../../encoder-head/dataset.ts'
import { openClassifier } from '../../encoder-head/classifier.ts'
import { extendDataset } from '../../encoder-head/extend-dataset.ts'
import type { ClassifierFamily } from '../../family.ts'
import { pictureBackbone, sharedPictureBackbone } from './backbone.ts'
import { collectDataset } from './collect-dataset.ts'
import { cutDataset, cutRow, placesOf } from './cuts.ts'
import { differenceHash } from './difference-hash.ts'
import { logitsOfRows } from './heads/apply-head.ts'
import { pictureClassifier } from './picture-classifier.ts'
import { withTogether } from './together.ts'
import { training } from './training/training.ts'
import { trainVersion } from './training/train-version.ts'
import { readVersion } from './version-files.ts'

const { version: preprocessingVersion, size, channels, byteLength } = pictureInput

/** Pictures in one of several labels: a frozen backbone, stored embeddings, a head trained from scratch. */
export const pictureClassifierFamily: ClassifierFamily = {
  kind: 'classifier',
  input: { kind: 'picture', preprocessingVersion, moderated: true },
  inputNoun: 'pictures',
  assets: [pictureBackbone],
  datasetFiles: Object.values(datasetFileNames),
  gates: gateIds,
  trainer: {
    version: training.version,
    budgetMs: training.budgetMs,
    train: (tensorflow, dataset, task) => trainVersion(tensorflow, readDatasetFiles(dataset), task),
  },
  fingerprintOf: differenceHash,
  prepare: async (examples, task, assets) => {
    const backbone = await assets.open(pictureBackbone)
    const dataset = await collectDataset(backbone, examples, task)
    return { examples: dataset.examples, filesFor: ({ cuts }) => datasetFiles(cutDataset(dataset, backbone, cuts)) }
  },
  extend: async (files, task, assets) => {
    const parent = readDatasetFiles(files)
    const backbone = await assets.open(pictureBackbone)
    const places = placesOf(backbone, parent.backbone.cuts)
    return extendDataset(parent, task, {
      backbone,
      preprocessingVersion,
      embed: async (inputs) => (await backbone.embed(inputs)).map((row) => cutRow(row, places)),
      filesOf: datasetFiles,
    })
  },
  judge: (version, files) => {
    const { metadata, head, dataset: own } = readVersion(version)
    const dataset = readDatasetFiles(files)
    checkFeatures(own, dataset)
    const { width } = dataset.backbone
    const rowOf = (index: number) => dataset.embeddings.subarray(index * width, (index + 1) * width)
    const { labels, temperature } = metadata
    return { labels, temperature, dataset, logits: (indices) => logitsOfRows(head, indices.map(rowOf)) }
  },
  together: withTogether,
  open: async (files, { tensorflow, assets }) =>
    openClassifier(pictureClassifier({ tensorflow, backbone: await assets.open(sharedPictureBackbone) }), {
      files,
      sample: new Uint8Array(byteLength).fill(255),
      input: { name: 'picture', datatype: 'UINT8', shape: [-1, size, size, channels] },
    }),
}
