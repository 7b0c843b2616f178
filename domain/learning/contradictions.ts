/** A correction of an input, by the digest of what the models saw. */
interface OfInput {
  readonly inputSha256: string
  readonly label: string
}

/** Corrections of inputs that people settled with two labels: which of them is right is for a reviewer to say. */
export function contradictionsIn<Correction extends OfInput>(
  corrections: readonly Correction[],
): readonly Correction[] {
  const labels = new Map<string, string>()
  const twofold = new Set<string>()
  for (const { inputSha256, label } of corrections) {
    if ((labels.get(inputSha256) ?? label) !== label) twofold.add(inputSha256)
    labels.set(inputSha256, label)
  }
  return corrections.filter(({ inputSha256 }) => twofold.has(inputSha256))
}
