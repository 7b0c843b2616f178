import { pictureInput } from '../../domain/model/preprocessing.ts'

/** Brightness is compared in a grid of 9 × 8 cells: each of the 64 bits is one cell beside its right neighbour. */
const [columns, rows] = [9, 8]

/** Hashes that differ in at most so many bits are of near-duplicates. */
const nearBits = 3

/** Rec. 601 luma of the mean colour of each cell, row by row. */
function cellsOf(pixels: Uint8Array): Float64Array {
  const { size, channels } = pictureInput
  const [sums, counts] = [new Float64Array(columns * rows), new Float64Array(columns * rows)]
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const cell = Math.floor((y * rows) / size) * columns + Math.floor((x * columns) / size)
      const at = (y * size + x) * channels
      const grey = 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0)
      sums[cell] = (sums[cell] ?? 0) + grey
      counts[cell] = (counts[cell] ?? 0) + 1
    }
  return sums.map((sum, cell) => sum / (counts[cell] ?? 1))
}

/**
 * The difference hash of a normalised picture (dHash): whether each cell is brighter than its right neighbour. Sizes, compression
 * and small changes of colour hardly move it.
 * @returns 64 bits as 16 hexadecimal digits.
 * @throws TypeError for another length.
 */
export function differenceHash(pixels: Uint8Array): string {
  if (pixels.length !== pictureInput.byteLength) throw new TypeError('a normalised picture has another length')
  const cells = cellsOf(pixels)
  let bits = 0n
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column
      bits = (bits << 1n) | ((cells[at] ?? 0) > (cells[at + 1] ?? 0) ? 1n : 0n)
    }
  return bits.toString(16).padStart(16, '0')
}

/** How many bits of 32 are 1. */
function onesOf(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count += 1
  return count
}

const halvesOf = (hash: string): readonly [number, number] => [
  Number.parseInt(hash.slice(0, 8), 16),
  Number.parseInt(hash.slice(8), 16),
]

/** In how many bits two hashes differ. */
export function hammingDistance(one: string, other: string): number {
  const [[high, low], [otherHigh, otherLow]] = [halvesOf(one), halvesOf(other)]
  return onesOf(high ^ otherHigh) + onesOf(low ^ otherLow)
}

/** An input with what tells its near-duplicates; a text has no fingerprint. */
export interface Fingerprinted {
  readonly inputSha256: string
  readonly fingerprint?: string | undefined
}

/** An input whose group is known. */
export interface Grouped extends Fingerprinted {
  readonly group: string
}

interface Groups {
  readonly ofInput: Map<string, string>
  readonly ofFingerprint: Map<string, string>
}

function nearest({ ofFingerprint }: Groups, fingerprint: string): string | undefined {
  const same = ofFingerprint.get(fingerprint)
  if (same !== undefined) return same
  for (const [known, group] of ofFingerprint) if (hammingDistance(known, fingerprint) <= nearBits) return group
  return undefined
}

function admit(groups: Groups, { inputSha256, fingerprint, group }: Grouped): void {
  if (!groups.ofInput.has(inputSha256)) groups.ofInput.set(inputSha256, group)
  if (fingerprint !== undefined && !groups.ofFingerprint.has(fingerprint)) groups.ofFingerprint.set(fingerprint, group)
}

/**
 * Gives each input its group: that of an equal input, else that of the first near-duplicate which is known, else its own digest. What
 * is known keeps its group, so that a group once decided stays decided; each input that comes is known from then on.
 */
export function createGrouper(
  known: readonly Grouped[],
): <Input extends Fingerprinted>(input: Input) => Input & Grouped {
  const groups: Groups = { ofInput: new Map(), ofFingerprint: new Map() }
  for (const one of known) admit(groups, one)
  return (input) => {
    const near = input.fingerprint === undefined ? undefined : nearest(groups, input.fingerprint)
    const group = groups.ofInput.get(input.inputSha256) ?? near ?? input.inputSha256
    const grouped = { ...input, group }
    admit(groups, grouped)
    return grouped
  }
}

/** The groups of fresh inputs beside known ones, see `createGrouper`. @returns one per fresh input, in their order. */
export const groupsOf = (known: readonly Grouped[], fresh: readonly Fingerprinted[]): readonly Grouped[] =>
  fresh.map(createGrouper(known))
