/** ln Γ(x) for x > 0, by Stirling's series after moving x up; correct to about 1e-10 relative (Abramowitz & Stegun 6.1.41). */
export function logGamma(x: number): number {
  let shift = 0
  let at = x
  while (at < 10) {
    shift += Math.log(at)
    at += 1
  }
  const inverse = 1 / at
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680))))
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** ln of the binomial probability of `hits` in `n`. */
const logBinomial = (hits: number, n: number, p: number): number =>
  logGamma(n + 1) - logGamma(hits + 1) - logGamma(n - hits + 1) + hits * Math.log(p) + (n - hits) * Math.log1p(-p)

/** P(X ≤ hits) of n tries. */
export function binomialUpTo(hits: number, n: number, p: number): number {
  let sum = 0
  for (let at = 0; at <= hits; at += 1) sum += Math.exp(logBinomial(at, n, p))
  return Math.min(1, sum)
}

/** Equally likely outcomes differ by their rounding. */
const rounding = 1 + 1e-9

/** The exact two-sided p-value: how likely an outcome is that is at most as likely as `hits` of `n`. */
export function exactBinomial(hits: number, n: number, p: number): number {
  const limit = logBinomial(hits, n, p)
  let sum = 0
  for (let at = 0; at <= n; at += 1) {
    const each = logBinomial(at, n, p)
    if (each <= limit + Math.log(rounding)) sum += Math.exp(each)
  }
  return Math.min(1, sum)
}
