import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { VersionFiles } from '../../models/files.ts'
import type { Change } from '../../test/support/learning/candidates.ts'

/** How a version can be bad. */
export const faults = ['wrong labels', 'broken weights', 'slow', 'NaN', 'class dropped'] as const
export type Fault = (typeof faults)[number]

/** Longer than a champion takes on any machine, and short of the scoring deadline. */
const slowMs = 4_000

const metadata = z.looseObject({ sizes: z.looseObject({ grams: z.int(), labels: z.int() }) })

/** Where the numbers of the head begin in `weights.bin`: after the places and the idf of the n-grams. */
const headAt = ({ sizes }: z.infer<typeof metadata>): number => 2 * sizes.grams * 4

/** Every number of the head anew: `make` gets the row (the last one is the bias), the column (the label) and what is there. */
function withHead(
  weights: Uint8Array,
  facts: z.infer<typeof metadata>,
  make: (place: { readonly isBias: boolean; readonly label: number; readonly at: (label: number) => number }) => number,
): Uint8Array {
  const { labels } = facts.sizes
  const changed = Uint8Array.from(weights)
  const [from, to] = [weights, changed].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const start = headAt(facts)
  const count = (weights.byteLength - start) / 4
  for (let index = 0; index < count; index += 1) {
    const row = index - (index % labels)
    const at = (label: number) => from?.getFloat32(start + (row + (label % labels)) * 4, true) ?? 0
    to?.setFloat32(start + index * 4, make({ isBias: row === count - labels, label: index % labels, at }), true)
  }
  return changed
}

/**
 * What makes a text version bad in one way.
 * @param files those of a good version.
 * @param label the index of the label that `class dropped` never says.
 */
export function badTextVersion(files: VersionFiles, fault: Fault, label: number): Change {
  const weights = files['weights.bin'] ?? new Uint8Array()
  const facts = metadata.parse(JSON.parse(new TextDecoder().decode(files['metadata.json'])))
  const changed = (bytes: Uint8Array): Change => {
    const weightsSha256 = createHash('sha256').update(bytes).digest('hex')
    const described = new TextEncoder().encode(JSON.stringify({ ...facts, weightsSha256 }))
    return { weightsSha256, files: { 'weights.bin': bytes, 'metadata.json': described } }
  }
  switch (fault) {
    case 'wrong labels':
      return changed(withHead(weights, facts, ({ label: own, at }) => at(own + 1)))
    case 'broken weights':
      // Some bytes are others, and metadata.json does not know.
      return { files: { 'weights.bin': weights.map((byte, index) => (index % 97 === 0 ? byte ^ 0xff : byte)) } }
    case 'slow':
      return { trainerVersion: `slow:${slowMs}` }
    case 'NaN':
      return changed(withHead(weights, facts, () => Number.NaN))
    case 'class dropped':
      return changed(
        withHead(weights, facts, ({ isBias, label: own, at }) => (isBias && own === label ? -1_000 : at(own))),
      )
  }
}
