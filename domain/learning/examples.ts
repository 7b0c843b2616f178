/** Where an example belongs, for the life of its bot. Only `train` is ever learned from. */
export const exampleParts = ['train', 'holdout', 'correction-holdout', 'golden'] as const
export type ExamplePart = (typeof exampleParts)[number]

/** The share of groups that are held out. */
const heldOutShare = 0.15

/**
 * Whether a group of near-duplicates is held out: decided by the digest of its key alone, before any label is seen, so it never
 * changes.
 * @param digest SHA-256 in hexadecimal of `<bot>:<group key>`.
 */
const isHeldOut = (digest: string): boolean => Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32 < heldOutShare

/** The part of a new example of a group; `golden` ones are named, never drawn. */
export const partOf = (digest: string, origin: 'base' | 'correction'): ExamplePart =>
  !isHeldOut(digest) ? 'train' : origin === 'base' ? 'holdout' : 'correction-holdout'
