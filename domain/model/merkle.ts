/** A digest of a text, in hexadecimal. It comes in as a value, because `domain/` knows no cryptography. */
export type Digest = (text: string) => string

/** What makes an example of a dataset what it is. */
export interface Leaf {
  /** SHA-256 of the normalised input. */
  readonly inputSha256: string
  readonly label: string
  readonly weight: number
  /** The predictions whose corrections it comes from; an example of no correction has none. */
  readonly corrections?: readonly string[] | undefined
}

/** Without corrections a leaf is what it was before there were any, so that roots of old datasets stay. */
const leafText = ({ inputSha256, label, weight, corrections = [] }: Leaf): string =>
  JSON.stringify([inputSha256, label, weight, ...(corrections.length > 0 ? [corrections.toSorted()] : [])])

/**
 * The Merkle root over the sorted leaves: the name of a dataset version. Leaves and inner nodes begin differently, so that
 * neither can stand for the other (RFC 6962 §2.1); an odd node goes up as it is.
 * @throws RangeError when there is no leaf.
 */
export function merkleRoot(leaves: readonly Leaf[], digest: Digest): string {
  let level = leaves
    .map(leafText)
    .toSorted()
    .map((text) => digest(`leaf:${text}`))
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => {
      const [left = '', right] = level.slice(2 * index, 2 * index + 2)
      return right === undefined ? left : digest(`node:${left}:${right}`)
    })
  const [root] = level
  if (root === undefined) throw new RangeError('a dataset without examples has no root')
  return root
}
