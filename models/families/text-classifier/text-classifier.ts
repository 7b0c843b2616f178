import { softmax } from '../../../domain/model/calibration.ts'
import { ModelNotReady } from '../../../domain/errors.ts'
import { mostLikely } from '../../../domain/model/evaluation.ts'
import { textInput } from '../../../domain/model/preprocessing.ts'
import type { Example, RawExample } from '../../datasets/examples.ts'
import type { HeadFamily } from '../../encoder-head/classifier.ts'
import type { FamilyTask, VersionTask } from '../../training/task.ts'
import type { VersionFiles } from '../../files.ts'
import { nearest } from '../../encoder-head/nearest.ts'
import { trainRowsOf } from '../../encoder-head/dataset.ts'
import type { Tensor2D, Tensorflow } from '../../tensorflow.ts'
import { collectTexts, textOfBytes, type Split, type TextDataset } from './dataset.ts'
import type { TextBackbone } from './encoder/encoder.ts'
import { evaluate, type Evaluation } from './evaluate.ts'
import type { TrainedText } from './training/fit.ts'
import { logitsOf } from './training/head.ts'
import { gramScaler, gramsOf, type Grams, type SparseRow } from './ngrams.ts'
import { trainTextVersion } from './training/train-version.ts'
import { readTextVersion, type Metadata } from './version-files.ts'

/** A version in memory. */
interface LoadedTextClassifier {
  readonly metadata: Metadata
  readonly trained: TrainedText
  readonly scale: (grams: Grams) => SparseRow
  readonly examples: readonly Example[]
  /** [examples, width], unit vectors. */
  readonly references: Tensor2D
  dispose(): void
}

export interface TextClassifierDeps {
  readonly tensorflow: Tensorflow
  /** Needed by `prepare`, `load`, `predict` and `explain`; training reads embeddings that are there. */
  readonly backbone?: TextBackbone
}

/** Texts come as the UTF-8 bytes of the normalised text (`domain/model/preprocessing.ts`). */
export interface TextClassifier extends HeadFamily<Uint8Array, LoadedTextClassifier, Evaluation> {
  prepare(
    examples: AsyncIterable<RawExample<Uint8Array>>,
    options: { readonly labels: readonly string[]; readonly split?: Split } & Omit<FamilyTask, 'seed'>,
  ): Promise<TextDataset>
  train(dataset: TextDataset, task: VersionTask): Promise<VersionFiles>
  evaluate(dataset: TextDataset, task: FamilyTask): Promise<Evaluation>
}

function backboneOf({ backbone }: TextClassifierDeps): TextBackbone {
  if (backbone === undefined) throw new ModelNotReady('it was opened without a text encoder')
  return backbone
}

function load(deps: TextClassifierDeps, files: VersionFiles): LoadedTextClassifier {
  const { tf } = deps.tensorflow
  const { metadata, trained, dataset } = readTextVersion(files)
  if (metadata.preprocessingVersion !== textInput.version)
    throw new ModelNotReady(`it reads ${metadata.preprocessingVersion}, and texts are prepared as ${textInput.version}`)
  if (metadata.backbone.sha256 !== backboneOf(deps).sha256)
    throw new ModelNotReady('it was trained on another text encoder than the one that is loaded')
  const { embeddings, examples } = trainRowsOf(dataset)
  const references = tf.tensor2d(embeddings, [examples.length, metadata.sizes.width])
  return {
    metadata,
    trained,
    scale: gramScaler(trained.grams),
    examples,
    references,
    dispose: () => references.dispose(),
  }
}

/** The nearest references of texts by their vectors. */
async function neighbours(
  { tensorflow: { tf } }: TextClassifierDeps,
  loaded: LoadedTextClassifier,
  query: { readonly vectors: readonly Float32Array[]; readonly count: number },
) {
  const queries = tf.tidy(() => tf.stack(query.vectors.map((vector) => tf.tensor1d(vector))) as Tensor2D)
  const found = await nearest(tf, { queries, references: loaded.references }, query.count)
  queries.dispose()
  return found
}

async function predict(deps: TextClassifierDeps, loaded: LoadedTextClassifier, inputs: readonly Uint8Array[]) {
  if (inputs.length === 0) return []
  const started = performance.now()
  const { labels, temperature, distance } = loaded.metadata
  const texts = inputs.map(textOfBytes)
  const vectors = await backboneOf(deps).embed(texts)
  const near = await neighbours(deps, loaded, { vectors, count: distance.neighbours })
  const features = vectors.map((vector, index) => ({ vector, grams: loaded.scale(gramsOf(texts[index] ?? '')) }))
  const logits = logitsOf(loaded.trained.head, features, loaded.trained.vectorScale)
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
}

async function explain(
  deps: TextClassifierDeps,
  loaded: LoadedTextClassifier,
  query: { readonly input: Uint8Array; readonly count: number },
) {
  const vectors = await backboneOf(deps).embed([textOfBytes(query.input)])
  const [found] = await neighbours(deps, loaded, { vectors, count: query.count })
  return (found?.indices ?? []).flatMap((index, at) => {
    const example = loaded.examples[index]
    if (example === undefined) return []
    const { id, label, vendor } = example
    return [{ id, label, vendor, distance: found?.distances[at] ?? Infinity }]
  })
}

/** Short texts in one of several labels: a frozen encoder beside hashed n-grams, a head trained from scratch. */
export function textClassifier(deps: TextClassifierDeps): TextClassifier {
  return {
    prepare: (examples, options) => collectTexts(backboneOf(deps), examples, options),
    train: (dataset, task) => trainTextVersion(deps.tensorflow, dataset, task),
    evaluate: (dataset, task) => evaluate(deps.tensorflow.tf, dataset, task),
    load: (files) => Promise.resolve().then(() => load(deps, files)),
    predict: (loaded, inputs) => predict(deps, loaded, inputs),
    explain: (loaded, input, count) => explain(deps, loaded, { input, count }),
  }
}
