/** A correction as people settled it. */
interface Settled {
  /** As in domain/prediction.ts. */
  readonly id: string
  readonly label: string
}

/** What a dataset holds: the label of each correction, by prediction id. */
export type HeldCorrections = ReadonlyMap<string, string>

/** How accepted corrections differ from what live versions have learned. */
export interface Changes<Correction> {
  /** Not in every dataset, or there with another label. */
  readonly fresh: readonly Correction[]
  /** Held by a dataset, and no longer accepted as it is there: revoked, or settled otherwise. By prediction id. */
  readonly gone: readonly string[]
}

/**
 * What a retrain would change, whatever other versions have learned meanwhile: one that a person rejected, or a guard stopped,
 * has left what is live as it was.
 * @param held the dataset of the live version of each slot.
 */
export function changesSince<Correction extends Settled>(
  accepted: readonly Correction[],
  held: readonly HeldCorrections[],
): Changes<Correction> {
  const isHeld = ({ id, label }: Settled) => held.length > 0 && held.every((each) => each.get(id) === label)
  const now = new Map(accepted.map(({ id, label }) => [id, label]))
  const gone = held.flatMap((each) => [...each].flatMap(([id, label]) => (now.get(id) === label ? [] : [id])))
  return { fresh: accepted.filter((one) => !isHeld(one)), gone: [...new Set(gone)] }
}
