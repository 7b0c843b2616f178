import { mostLikely } from '../../../domain/model/evaluation.ts'
import { softmax } from '../../../domain/model/calibration.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { pictureInput } from '../../../domain/model/preprocessing.ts'
import type { PictureBackbone } from './backbone.ts'
import type { Example } from '../../datasets/examples.ts'
import type { HeadFamily } from '../../encoder-head/classifier.ts'
import type { VersionFiles } from '../../files.ts'
import { collectDataset } from './collect-dataset.ts'
import { cutRow, placesOf, type Place } from './cuts.ts'
import { fit, type Evaluation } from './training/leave-one-out.ts'
import { nearest, standardise } from '../../encoder-head/nearest.ts'
import { trainVersion } from './training/train-version.ts'
import { readVersion, type Metadata, type ReadVersion } from './version-files.ts'
import { trainRowsOf } from '../../encoder-head/dataset.ts'
import type { Tensor2D, Tensorflow } from '../../tensorflow.ts'

/** A version in memory. */
interface LoadedPictureClassifier {
  readonly metadata: Metadata
  readonly head: ReadVersion['head']
  readonly examples: readonly Example[]
  /** [examples, features], standardised. */
  readonly references: Tensor2D
  readonly matrix: Tensor2D
  /** Which columns of the backbone's rows it reads. */
  readonly places: readonly Place[]
  dispose(): void
}

export interface PictureClassifierDeps {
  readonly tensorflow: Tensorflow
  /** Needed by `prepare`, `load`, `predict` and `explain`; training reads embeddings that are there. */
  readonly backbone?: PictureBackbone
}

/** Pictures come as the bytes of the normalised picture (`domain/model/preprocessing.ts`). */
export type PictureClassifier = HeadFamily<Uint8Array, LoadedPictureClassifier, Evaluation>

function backboneOf({ backbone }: PictureClassifierDeps): PictureBackbone {
  if (backbone === undefined) throw new ModelNotReady('it was opened without a backbone')
  return backbone
}

function load(deps: PictureClassifierDeps, files: VersionFiles): LoadedPictureClassifier {
  const { tf } = deps.tensorflow
  const backbone = backboneOf(deps)
  const { metadata, head, dataset } = readVersion(files)
  if (metadata.preprocessingVersion !== pictureInput.version)
    throw new ModelNotReady(
      `it reads ${metadata.preprocessingVersion}, and pictures are prepared as ${pictureInput.version}`,
    )
  if (metadata.backbone.sha256 !== backbone.sha256)
    throw new ModelNotReady('it was trained on another backbone than the one that is loaded')
  const places = placesOf(backbone, metadata.backbone.cuts)
  const { features, labels } = metadata.sizes
  const { embeddings, examples } = trainRowsOf(dataset)
  const references = tf.tidy(() => standardise(tf, tf.tensor2d(embeddings, [examples.length, features]), head))
  const matrix = tf.tensor2d(head.matrix, [features, labels])
  return {
    metadata,
    head,
    examples,
    references,
    matrix,
    places,
    dispose: () => tf.dispose([references, matrix]),
  }
}

/** Standardised features of pictures; the caller disposes of them. */
async function look(
  deps: PictureClassifierDeps,
  loaded: LoadedPictureClassifier,
  inputs: readonly Uint8Array[],
): Promise<Tensor2D> {
  const { tf } = deps.tensorflow
  const rows = (await backboneOf(deps).embed(inputs)).map((row) => cutRow(row, loaded.places))
  return tf.tidy(() => standardise(tf, tf.stack(rows.map((row) => tf.tensor1d(row))) as Tensor2D, loaded.head))
}

/** One row of logits per picture. */
async function logitsOf(
  { tf }: Tensorflow,
  loaded: LoadedPictureClassifier,
  features: Tensor2D,
): Promise<readonly (readonly number[])[]> {
  const result = tf.tidy(() => tf.add(tf.matMul(features, loaded.matrix), tf.tensor1d(loaded.head.bias)))
  const values = await result.data()
  result.dispose()
  const { labels } = loaded.metadata.sizes
  return Array.from({ length: features.shape[0] }, (_, row) => [...values.slice(row * labels, (row + 1) * labels)])
}

async function predict(deps: PictureClassifierDeps, loaded: LoadedPictureClassifier, inputs: readonly Uint8Array[]) {
  if (inputs.length === 0) return []
  const started = performance.now()
  const { labels, temperature, distance } = loaded.metadata
  const features = await look(deps, loaded, inputs)
  try {
    const tables = { queries: features, references: loaded.references }
    const near = await nearest(deps.tensorflow.tf, tables, distance.neighbours)
    const logits = await logitsOf(deps.tensorflow, loaded, features)
    const evalMs = performance.now() - started
    return logits.map((row, index) => {
      const probabilities = softmax(row, temperature)
      const best = mostLikely(probabilities)
      return {
        label: labels[best] ?? '',
        confidence: probabilities[best] ?? 0,
        known: (near[index]?.distances.at(-1) ?? Infinity) <= distance.threshold,
        probabilities: Object.fromEntries(labels.map((label, at) => [label, probabilities[at] ?? 0])),
        evalMs,
      }
    })
  } finally {
    features.dispose()
  }
}

async function explain(
  deps: PictureClassifierDeps,
  loaded: LoadedPictureClassifier,
  query: { readonly input: Uint8Array; readonly count: number },
) {
  const features = await look(deps, loaded, [query.input])
  const [found] = await nearest(deps.tensorflow.tf, { queries: features, references: loaded.references }, query.count)
  features.dispose()
  return (found?.indices ?? []).flatMap((index, at) => {
    const example = loaded.examples[index]
    if (example === undefined) return []
    const { id, label, vendor } = example
    return [{ id, label, vendor, distance: found?.distances[at] ?? Infinity }]
  })
}

/** Pictures in one of several labels: a frozen backbone, stored embeddings, a head trained from scratch. */
export function pictureClassifier(deps: PictureClassifierDeps): PictureClassifier {
  return {
    prepare: (examples, options) => collectDataset(backboneOf(deps), examples, options),
    train: (dataset, task) => trainVersion(deps.tensorflow, dataset, task),
    evaluate: async (dataset, task) => (await fit(deps.tensorflow.tf, dataset, task)).evaluation,
    load: (files) => Promise.resolve().then(() => load(deps, files)),
    predict: (loaded, inputs) => predict(deps, loaded, inputs),
    explain: (loaded, input, count) => explain(deps, loaded, { input, count }),
  }
}
