import { exactBinomial } from './binomial.ts'

/** erfc(x) for x ≥ 0, by its continued fraction for large x and its series for small (Abramowitz & Stegun 7.1.5, 7.1.14). */
function complementaryError(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x]
    for (let n = 1; Math.abs(term) > 1e-17; n += 1) {
      term *= -(x * x) / n
      sum += term / (2 * n + 1)
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum
  }
  let fraction = 0
  for (let k = 60; k >= 1; k -= 1) fraction = k / 2 / (x + fraction)
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction)
}

/** With fewer people than this expected in an arm, χ² takes ordinary chance for a mismatch (Cochran's rule). */
const fewestExpected = 5

/**
 * How likely a split at least as uneven as this one is, when each person or thread falls into the canary with `share`: χ² with
 * one degree of freedom (sample ratio mismatch), and the exact binomial test while there are few.
 * @returns 1 when nobody is assigned.
 */
export function sampleRatioP(canary: number, control: number, share: number): number {
  const all = canary + control
  if (all === 0 || share <= 0 || share >= 1) return 1
  const [expected, rest] = [all * share, all * (1 - share)]
  if (Math.min(expected, rest) < fewestExpected) return exactBinomial(canary, all, share)
  const chiSquare = (canary - expected) ** 2 / expected + (control - rest) ** 2 / rest
  return complementaryError(Math.sqrt(chiSquare / 2))
}

/** A difference under a tenth of a point is no mismatch, however many people there are (Statsig's rule). */
const smallestDeviation = 0.001

export const isMismatch = (
  { canary, control, share }: { readonly canary: number; readonly control: number; readonly share: number },
  limit: number,
): boolean => {
  const all = canary + control
  return all > 0 && Math.abs(canary / all - share) >= smallestDeviation && sampleRatioP(canary, control, share) < limit
}
