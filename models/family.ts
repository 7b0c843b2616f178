import type { ModelFamily } from '../domain/bot.ts'
import type { Score } from '../domain/rendezvous.ts'

/** A version's files by name: what is kept as blobs, and all that serving needs beside the backbone. */
export type VersionFiles = Readonly<Record<string, Uint8Array>>

/** One example before it is prepared. */
export interface RawExample<Input> {
  /** Where it comes from, unique in the dataset. */
  readonly id: string
  readonly label: string
  /** The hand that made it; examples of one hand are never on both sides of an evaluation. */
  readonly vendor: string
  /** How much it counts, 1 for an ordinary one. */
  readonly weight: number
  readonly input: Input
}

/** One example of a dataset: its input is named, not held. */
export interface Example extends Omit<RawExample<never>, 'input'> {
  /** SHA-256 of the normalised input. */
  readonly inputSha256: string
}

/** An immutable dataset with everything that training reads. */
export interface Dataset {
  /** The Merkle root over its examples: its name. */
  readonly root: string
  readonly labels: readonly string[]
  readonly preprocessingVersion: string
  /** What made the embeddings: the network's name, its digest and the outputs that were put beside each other. */
  readonly backbone: Backbone
  readonly examples: readonly Example[]
  /** [examples, backbone.width] row by row, in the order of the examples. */
  readonly embeddings: Float32Array
}

export interface Backbone {
  readonly name: string
  readonly sha256: string
  readonly cuts: readonly string[]
  readonly width: number
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

export interface FamilyTask {
  /** The same seed on the same machine type gives the same weights. Not 0. */
  readonly seed: number
  readonly onProgress?: (text: string) => void
  readonly signal?: AbortSignal
}

export interface VersionTask extends FamilyTask {
  readonly bot: string
  /** What the card says about what this dataset shows and what it does not. */
  readonly notes: string
}

/** Thrown when a dataset cannot be learned from; the detail names what is missing. */
export class DatasetInvalid extends Error {
  readonly code = 'InvalidDataset'
  readonly detail: string
  constructor(detail: string) {
    super(`the dataset cannot be used: ${detail}`)
    this.detail = detail
  }
}

/**
 * What a kind of model can do. `Input` is one normalised input, `Loaded` a version in memory, `Evaluation` its figures.
 */
export interface Family<Input, Loaded, Evaluation> {
  readonly name: ModelFamily
  readonly preprocessingVersion: string
  /** Turns examples into an immutable dataset. @throws DatasetInvalid when one picture has two labels. */
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
