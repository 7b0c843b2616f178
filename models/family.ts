import type { Score } from '../domain/rendezvous/score.ts'
import type { ModelFamily } from '../domain/label.ts'
import type { ExamplePart } from '../domain/learning/examples.ts'

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
  /** Where it belongs; `train` when it does not say so. */
  readonly part?: ExamplePart | undefined
  /** The predictions whose corrections it comes from. */
  readonly corrections?: readonly string[] | undefined
  /** Of a picture: its difference hash (`pictures/near-duplicates.ts`). */
  readonly fingerprint?: string | undefined
  /** The key that it shares with its near-duplicates; its own input's digest when it does not say so. */
  readonly group?: string | undefined
}

/** One example of a dataset: its input is named, not held. */
export interface Example extends Omit<RawExample<never>, 'input'> {
  /** SHA-256 of the normalised input. */
  readonly inputSha256: string
  /** What it said before a correction of the same input overrode it. */
  readonly base?: { readonly label: string; readonly weight: number } | undefined
}

/** The vendor of every correction: people, whose inputs come from anywhere. */
export const peopleVendor = 'people'

/**
 * How much a correction counts beside a base example: an input that somebody sent and that a version got wrong tells more than
 * one of many like it. At most 5 (learning-and-rollouts.md §9.3), so that a wrong one does not outweigh a handful that are right.
 */
export const correctionWeight = 5

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

/** How far a training has come. */
export interface TrainingProgress {
  readonly step: number
  readonly of: number
  readonly loss: number
}

/** Where a training keeps its state, so that one that is started again goes on where the first one was. */
export interface Checkpoints {
  /** The state that a killed training of the same order left, or `undefined`. Whoever reads it checks that it fits. */
  readonly saved: Uint8Array | undefined
  /** Whether it is time to keep the state again. */
  isDue(): boolean
  /** Keeps the state, durably before it returns. */
  save(progress: TrainingProgress, state: Uint8Array): Promise<void>
}

export interface FamilyTask {
  /** The same seed on the same machine type gives the same weights. Not 0. */
  readonly seed: number
  readonly onProgress?: (text: string) => void
  readonly signal?: AbortSignal
  readonly checkpoints?: Checkpoints
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

/** Thrown when a training ends in numbers that are none; the detail says where. */
export class NotANumber extends Error {
  readonly code = 'NotANumber'
  constructor(where: string) {
    super(`the loss is not a number ${where}`)
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
