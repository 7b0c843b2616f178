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

/** What every computation of a family is asked with. */
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
