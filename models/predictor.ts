import { ModelNotReady } from '../domain/errors.ts'
import { pictureInput } from '../domain/model/preprocessing.ts'
import type { PictureBackbone } from './backbone.ts'
import type { Family, Neighbour, Prediction, VersionFiles } from './family.ts'
import { pictureClassifier } from './picture-classifier.ts'
import type { Tensorflow } from './tensorflow.ts'

/** One loaded version of any family; no tensor leaves it. An input is the bytes of one normalised input. */
export interface Predictor {
  /** In the order in which probabilities are listed. */
  readonly labels: readonly string[]
  /** One prediction per input, in their order. @throws TypeError when one is not what the version reads. */
  predict(inputs: readonly Uint8Array[]): Promise<readonly Prediction[]>
  /** The training examples nearest to an input, nearest first. */
  explain(input: Uint8Array, count: number): Promise<readonly Neighbour[]>
  /** Runs once on a sample, so that the first person does not wait for it. @throws ModelNotReady when the answer is no probability. */
  warmUp(): Promise<void>
  /** Frees the version; what it shares with others stays. */
  dispose(): void
}

interface LoadedVersion {
  readonly metadata: { readonly labels: readonly string[] }
  dispose(): void
}

/**
 * Loads a version's files with its family.
 * @param version.sample an input on which it is warmed up.
 * @throws ModelNotReady when the files are missing, damaged or do not fit what is there.
 */
export async function openPredictor<Loaded extends LoadedVersion, Evaluation>(
  family: Family<Uint8Array, Loaded, Evaluation>,
  version: { readonly files: VersionFiles; readonly sample: Uint8Array },
): Promise<Predictor> {
  const loaded = await family.load(version.files)
  return {
    labels: loaded.metadata.labels,
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

/**
 * Loads a version of a picture classifier, to be warmed up on a white picture. Versions that share a backbone share what it is.
 * @throws ModelNotReady, see `openPredictor`.
 */
export const openPicturePredictor = (options: {
  readonly tensorflow: Tensorflow
  readonly backbone: PictureBackbone
  readonly files: VersionFiles
}): Promise<Predictor> =>
  openPredictor(pictureClassifier(options), {
    files: options.files,
    sample: new Uint8Array(pictureInput.byteLength).fill(255),
  })
