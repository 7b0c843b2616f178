/** Numbers of one output per label, before they become probabilities. */
export type Logits = readonly number[]

/** A judgement whose truth is known: logits, the index of the true label, and how much it counts. */
export interface Judged {
  readonly logits: Logits
  readonly truth: number
  readonly weight: number
}

/** exp(z/T) / Σ exp(z/T): probabilities that sum to 1. */
export function softmax(logits: Logits, temperature = 1): readonly number[] {
  const highest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** The weighted mean of −log p(truth). */
export function logLoss(judged: readonly Judged[], temperature: number): number {
  const total = judged.reduce((sum, { weight }) => sum + weight, 0)
  const loss = judged.reduce((sum, { logits, truth, weight }) => {
    const probability = softmax(logits, temperature)[truth] ?? 0
    return sum - weight * Math.log(Math.max(probability, 1e-12))
  }, 0)
  return loss / total
}

/** Weights with which every label that occurs counts the same. */
export function balancedWeights(truths: readonly number[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const truth of truths) counts.set(truth, (counts.get(truth) ?? 0) + 1)
  return truths.map((truth) => truths.length / (counts.size * (counts.get(truth) ?? 1)))
}

const coldest = 0.05
const warmest = 50
const golden = (Math.sqrt(5) - 1) / 2

/**
 * The temperature with the lowest log loss on held-out judgements (Guo et al. 2017, arXiv 1706.04599), by golden-section
 * search on its logarithm; the loss has one minimum.
 * @returns a number from 0.05 to 50, 1 without judgements.
 */
export function fitTemperature(judged: readonly Judged[]): number {
  if (judged.length === 0) return 1
  let [low, high] = [Math.log(coldest), Math.log(warmest)]
  for (let step = 0; step < 60; step += 1) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)]
    if (logLoss(judged, Math.exp(left)) < logLoss(judged, Math.exp(right))) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}
