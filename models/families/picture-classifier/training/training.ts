/** How this family trains; a change of any of them is a new `trainerVersion`. */
export const training = {
  version: 'picture-classifier-1',
  /** A training takes a minute or less, on a machine that others need as well. */
  budgetMs: 2 * 60 * 60_000,
  steps: 200,
  learningRate: 0.01,
  l2: 0.06,
  /** The distance of an input is that to its k-th nearest training example. */
  neighbours: 5,
  /** The share of pictures of left-out vendors that count as known. */
  knownShare: 0.99,
} as const
