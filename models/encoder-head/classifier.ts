import { ModelNotReady } from '../../domain/errors.ts'
import type { RawExample } from '../datasets/examples.ts'
import type { VersionFiles } from '../files.ts'
import type { Classifier, Neighbour, Prediction, TensorShape } from '../model.ts'
import type { FamilyTask, VersionTask } from '../training/task.ts'
import type { Dataset } from './dataset.ts'

/**
 * What a classifier of a frozen encoder and a trained head can do. `Input` is one normalised input, `Loaded` a version in memory,
 * `Evaluation` its figures.
 */
export interface HeadFamily<Input, Loaded, Evaluation> {
  /** Turns examples into an immutable dataset. @throws DatasetInvalid when one input has two labels. */
  prepare(
    examples: AsyncIterable<RawExample<Input>>,
    options: { readonly labels: readonly string[] } & Omit<FamilyTask, 'seed'>,
  ): Promise<Dataset>
  /** Trains and evaluates one version. @throws DatasetInvalid, or the signal's reason. */
  train(dataset: Dataset, task: VersionTask): Promise<VersionFiles>
  /** Figures on examples of hands that were left out. @throws DatasetInvalid, or the signal's reason. */
  evaluate(dataset: Dataset, task: FamilyTask): Promise<Evaluation>
  /** Loads a version and checks shapes, labels, preprocessing and digests. @throws ModelNotReady naming what does not fit. */
  load(files: VersionFiles): Promise<Loaded>
  predict(loaded: Loaded, inputs: readonly Input[]): Promise<readonly Prediction[]>
  /** The nearest training examples, nearest first. */
  explain(loaded: Loaded, input: Input, count: number): Promise<readonly Neighbour[]>
}

interface LoadedVersion {
  readonly metadata: { readonly labels: readonly string[] }
  dispose(): void
}

const outputsOf = (labels: number): readonly TensorShape[] => [
  { name: 'label', datatype: 'BYTES', shape: [-1] },
  { name: 'confidence', datatype: 'FP32', shape: [-1] },
  { name: 'known', datatype: 'BOOL', shape: [-1] },
  { name: 'probabilities', datatype: 'FP32', shape: [-1, labels] },
]

/**
 * Loads a version's files with its family.
 * @param version.sample an input on which it is warmed up.
 * @throws ModelNotReady when the files are missing, damaged or do not fit what is there.
 */
export async function openClassifier<Loaded extends LoadedVersion, Evaluation>(
  family: HeadFamily<Uint8Array, Loaded, Evaluation>,
  version: { readonly files: VersionFiles; readonly sample: Uint8Array; readonly input: TensorShape },
): Promise<Classifier> {
  const loaded = await family.load(version.files)
  const { labels } = loaded.metadata
  return {
    kind: 'classifier',
    labels,
    signature: { inputs: [version.input], outputs: outputsOf(labels.length) },
    predict: (inputs) => family.predict(loaded, inputs),
    explain: (input, count) => family.explain(loaded, input, count),
    warmUp: async () => {
      const [answer] = await family.predict(loaded, [version.sample])
      if (answer === undefined || !(answer.confidence > 0 && answer.confidence <= 1))
        throw new ModelNotReady('its answer to a sample is no probability')
    },
    dispose: () => loaded.dispose(),
  }
}
