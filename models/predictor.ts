import { ModelNotReady } from '../domain/errors.ts'
import { pictureInput } from '../domain/preprocessing.ts'
import { openBackbone } from './backbone.ts'
import type { Neighbour, Prediction, VersionFiles } from './family.ts'
import { pictureClassifier } from './picture-classifier.ts'
import type { Tensorflow } from './tensorflow.ts'

/** One loaded version; no tensor leaves it. */
export interface Predictor {
  /** In the order in which probabilities are listed. */
  readonly labels: readonly string[]
  /** One prediction per normalised picture, in their order. @throws TypeError when a picture has another length. */
  predict(inputs: readonly Uint8Array[]): Promise<readonly Prediction[]>
  /** The training examples nearest to a picture, nearest first. */
  explain(input: Uint8Array, count: number): Promise<readonly Neighbour[]>
  /** Runs once on a white picture, so that the first person does not wait for it. @throws ModelNotReady when the answer is no probability. */
  warmUp(): Promise<void>
  /** Frees the version; the backbone stays for the others. */
  dispose(): void
}

/**
 * Loads a version's files. The backbone is loaded with the first one and shared.
 * @throws ModelNotReady when the files or the backbone's weights are missing, damaged or do not fit.
 */
export async function openPredictor(options: {
  readonly tensorflow: Tensorflow
  readonly backboneFile: string
  readonly files: VersionFiles
}): Promise<Predictor> {
  const { tensorflow, backboneFile, files } = options
  const family = pictureClassifier({ tensorflow, backbone: await openBackbone(tensorflow, backboneFile) })
  const loaded = await family.load(files)
  return {
    labels: loaded.metadata.labels,
    predict: (inputs) => family.predict(loaded, inputs),
    explain: (input, count) => family.explain(loaded, input, count),
    warmUp: async () => {
      const [answer] = await family.predict(loaded, [new Uint8Array(pictureInput.byteLength).fill(255)])
      if (answer === undefined || !(answer.confidence > 0 && answer.confidence <= 1))
        throw new ModelNotReady('its answer to a white picture is no probability')
    },
    dispose: () => loaded.dispose(),
  }
}
