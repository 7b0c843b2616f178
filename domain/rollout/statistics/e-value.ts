import { binomialUpTo, logGamma } from './binomial.ts'
import type { Pairs } from '../verdict.ts'

/* Statistics of discordant labelled pairs (decision 0010). */

/**
 * The evidence that challenger and champion differ: `B(1 + wins, 1 + losses) · 2^(wins + losses)`, the mean likelihood ratio
 * against "both are right equally often" under a uniform prior. It may be looked at after every label: whenever it reaches 1/α,
 * the chance of a false alarm over all looks is at most α. It is symmetric: which side leads is another question.
 */
export function eValue(wins: number, losses: number): number {
  const logBeta = logGamma(1 + wins) + logGamma(1 + losses) - logGamma(2 + wins + losses)
  return Math.exp(logBeta + (wins + losses) * Math.LN2)
}

/** The smallest edge worth waiting for, and what Wald's test may miss it with (α 0.05, β 0.2). */
const worthwhile = 0.7
const giveUp = Math.log(0.2 / 0.95)

const mostLabels = 200
/** Before anything is known the challenger is taken for one that is worth it, as if four labels had said so. */
const prior = 4

/**
 * About how many more labelled disagreements decide, if the challenger goes on winning as often as it did.
 * @returns 0 when it is decided, `undefined` when that is more than anybody labels.
 */
export function labelsNeeded({ wins, losses }: Pick<Pairs, 'wins' | 'losses'>, bound: number): number | undefined {
  const share = (wins + worthwhile * prior) / (wins + losses + prior)
  for (let more = 0; more <= mostLabels; more += 1) {
    const won = Math.round(share * more)
    if (eValue(wins + won, losses + more - won) >= bound) return more
  }
  return undefined
}

/** Whether waiting for more labels is not worth it: Wald's lower bound for a challenger that wins 70 % of the time. */
export const isFutile = ({ wins, losses }: Pick<Pairs, 'wins' | 'losses'>): boolean =>
  wins * Math.log(worthwhile / 0.5) + losses * Math.log((1 - worthwhile) / 0.5) <= giveUp

/** The two-sided p-value of McNemar's exact test: for the report, once, at the end; it must not be peeked at. */
export const exactMcNemar = (wins: number, losses: number): number =>
  wins + losses === 0 ? 1 : Math.min(1, 2 * binomialUpTo(Math.min(wins, losses), wins + losses, 0.5))

/** The upper 95 % bound of a rate of which `errors` in `requests` were seen (Clopper and Pearson). @returns `null` without requests. */
export function errorBound(errors: number, requests: number): number | null {
  if (requests === 0) return null
  if (errors >= requests) return 1
  let [low, high] = [errors / requests, 1]
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (binomialUpTo(errors, requests, middle) > 0.05) low = middle
    else high = middle
  }
  return high
}

const z95 = 1.959_963_985

/** The 95 % interval of a share (Wilson's score interval). @returns `null` without tries. */
export function shareInterval(hits: number, n: number): { readonly from: number; readonly to: number } | null {
  if (n === 0) return null
  const p = hits / n
  const centre = p + (z95 * z95) / (2 * n)
  const half = z95 * Math.sqrt((p * (1 - p)) / n + (z95 * z95) / (4 * n * n))
  const scale = 1 + (z95 * z95) / n
  return { from: Math.max(0, (centre - half) / scale), to: Math.min(1, (centre + half) / scale) }
}
