import type { Score } from '../domain/rendezvous/score.ts'

/** One tensor that goes into a model or comes out of it, in the words of the Open Inference Protocol; −1 is any number. */
export interface TensorShape {
  readonly name: string
  readonly datatype: 'BOOL' | 'BYTES' | 'FP32' | 'INT32' | 'UINT8'
  readonly shape: readonly number[]
}

/** What a model reads and gives, for those who ask it by tensors. */
export interface Signature {
  readonly inputs: readonly TensorShape[]
  readonly outputs: readonly TensorShape[]
}

/** What a version says about one input; `Score` without where it was asked. */
export type Prediction = Omit<Score, 'slot' | 'version' | 'stage'>

/** A training example near an input. */
export interface Neighbour {
  readonly id: string
  readonly label: string
  readonly vendor: string
  readonly distance: number
}

interface LoadedModel {
  readonly signature: Signature
  /** Runs once on a sample, so that the first person does not wait for it. @throws ModelNotReady when the answer is none. */
  warmUp(): Promise<void>
  /** Frees the version; what it shares with others stays. */
  dispose(): void
}

/** A loaded version that says one of its labels about an input. No tensor leaves it; an input is the bytes of one normalised input. */
export interface Classifier extends LoadedModel {
  readonly kind: 'classifier'
  /** In the order in which probabilities are listed. */
  readonly labels: readonly string[]
  /** One prediction per input, in their order. @throws TypeError when one is not what the version reads. */
  predict(inputs: readonly Uint8Array[]): Promise<readonly Prediction[]>
  /** The training examples nearest to an input, nearest first. */
  explain(input: Uint8Array, count: number): Promise<readonly Neighbour[]>
}

/** How a text is made. The same seed and the same rest give the same text. */
export interface GenerateOptions {
  /** What the text begins with; it is not repeated in what comes out. */
  readonly prompt: string
  /** At most so many characters. */
  readonly length: number
  /** 0 always takes the likeliest character; higher is bolder. */
  readonly temperature: number
  readonly seed: number
  readonly signal?: AbortSignal
}

/** A loaded version that makes texts. It gives no scores, so it is never asked in a conversation. */
export interface Generator extends LoadedModel {
  readonly kind: 'generator'
  /** The text piece by piece, as it is made. @throws the signal's reason. */
  generate(options: GenerateOptions): AsyncIterable<string>
}

/** A version in memory. Whoever asks it decides by its kind. */
export type Model = Classifier | Generator
