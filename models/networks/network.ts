import type { Weight } from '../pytorch/pytorch-file.ts'

/*
 * A network as data: what is computed, apart from how. Operations are in an order in which each one's inputs come before it;
 * `input` names the picture. Pictures are [n, height, width, channels], features [n, channels].
 */

interface Step {
  readonly name: string
  readonly from: string
}

/** A convolution with `SAME` padding and a bias. Filters: [height, width, in, out]; depthwise: [height, width, channels, 1]. */
export interface Convolution extends Step {
  readonly kind: 'convolution' | 'depthwise'
  readonly filter: Weight
  readonly bias: Weight
  readonly stride: 1 | 2
  readonly activation: 'relu6' | 'linear'
}

interface Addition extends Step {
  readonly kind: 'add'
  readonly and: string
}

/** The mean over height and width. */
interface GlobalMean extends Step {
  readonly kind: 'global-mean'
}

/** `x · matrix + bias`; the matrix is [in, out]. */
interface Dense extends Step {
  readonly kind: 'dense'
  readonly matrix: Weight
  readonly bias: Weight
}

export type Operation = Convolution | Addition | GlobalMean | Dense

export interface Network {
  readonly name: string
  /** Pixel values become `(value − offset) / scale`. */
  readonly input: { readonly size: number; readonly offset: number; readonly scale: number }
  readonly operations: readonly Operation[]
  /** What may be asked for: the operation's name and its number of features. */
  readonly outputs: Readonly<Record<string, { readonly operation: string; readonly features: number }>>
}
