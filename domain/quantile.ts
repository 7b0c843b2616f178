/**
 * The quantile at `share` by nearest rank (definition 1 of Hyndman and Fan 1996; `percentile_disc` of SQL): the smallest of the
 * values that is not exceeded by at least that share of them. It is always one of the values; at 0 it is the smallest.
 * @throws RangeError without values.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const found = sorted[Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length))) - 1]
  if (found === undefined) throw new RangeError('no values, no quantile')
  return found
}

/** `quantile`, or `null` without values. */
export const quantileOrNull = (values: readonly number[], share: number): number | null =>
  values.length === 0 ? null : quantile(values, share)
