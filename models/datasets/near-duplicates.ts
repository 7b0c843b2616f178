/** Hashes that differ in at most so many bits are of near-duplicates. */
const nearBits = 3

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

/** An input with what tells its near-duplicates, 64 bits as 16 hexadecimal digits; not every family has such a thing. */
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
