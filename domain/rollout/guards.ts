import type { GuardLimits } from '../learning/numbers.ts'
import { isMismatch, sampleRatioP } from './statistics/sample-ratio.ts'
import type { GuardId, GuardLight } from './verdict.ts'
import type { RolloutWindow } from './window.ts'

/** Fewer requests say nothing about a share or a percentile: one transient fault must not decide. */
const fewest = 10
/** A share is only harm when so many requests made it up. */
const fewestHits = 3
/** From so many requests on, the 95th percentile is not the slowest one alone. */
const enoughForP95 = 20

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
const green = (guard: GuardId, why: string): GuardLight => ({ guard, light: 'green', why })
const nothing = (guard: GuardId, why: string): GuardLight => ({ guard, light: 'no_data', why })

/** Red at `limit`, yellow at the first, counted together: an answer that is none is as bad as no answer. */
function faults(guard: 'errors' | 'invalid-output', { version }: RolloutWindow, limits: GuardLimits): GuardLight {
  const own = guard === 'errors' ? version.errors : version.invalid
  const both = version.errors + version.invalid
  const why = `${own} of the last ${version.requests} requests ${guard === 'errors' ? 'failed' : 'gave no valid answer'}`
  if (own > 0 && both >= limits.errors) return { guard, light: 'red', why }
  if (own > 0) return { guard, light: 'yellow', why }
  return version.requests === 0 ? nothing(guard, 'no requests yet') : green(guard, why)
}

function deadlines({ version }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'deadline-misses'
  if (version.requests === 0) return nothing(guard, 'no requests yet')
  const share = version.deadlineMisses / version.requests
  const why = `${percent(share)} of the last ${version.requests} requests missed the deadline`
  if (version.deadlineMisses >= fewestHits && share > limits.deadlineMisses) return { guard, light: 'red', why }
  return version.deadlineMisses > 0 ? { guard, light: 'yellow', why } : green(guard, why)
}

function latency({ version, champion }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'latency'
  const [own, other] = [version.p95Ms, champion.p95Ms]
  if (own === null || other === null || version.requests < fewest) return nothing(guard, 'too few requests to compare')
  const why = `p95 ${Math.round(own)} ms beside the champion's ${Math.round(other)} ms`
  const isSlow = (ms: number) => ms > limits.latencyRatio * other
  const isHarm = (ms: number | null) => ms !== null && isSlow(ms) && ms > limits.latencyFloorMs
  const several = version.requests >= enoughForP95 || isHarm(version.thirdSlowestMs)
  if (isHarm(own) && several) return { guard, light: 'red', why }
  return isSlow(own) ? { guard, light: 'yellow', why } : green(guard, why)
}

function confidence({ version, champion }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'confidence'
  const [own, other] = [version.meanConfidence, champion.meanConfidence]
  if (own === null || other === null || version.requests < fewest) return nothing(guard, 'too few requests to compare')
  const drop = other - own
  const why = `mean confidence ${percent(own)} beside the champion's ${percent(other)}`
  if (drop > limits.confidenceDrop) return { guard, light: 'red', why }
  return drop > limits.confidenceDrop / 2 ? { guard, light: 'yellow', why } : green(guard, why)
}

function corrections({ version, champion }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'corrections'
  if (version.answers === 0) return nothing(guard, 'it has answered nobody yet')
  const own = version.corrections / version.answers
  const other = champion.answers === 0 ? 0 : champion.corrections / champion.answers
  const why = `${version.corrections} of ${version.answers} answers were corrected, ${percent(other)} of the champion's`
  const worse = own > limits.correctionsRatio * other
  if (version.corrections >= limits.correctionsFloor && worse) return { guard, light: 'red', why }
  return version.corrections > 0 && worse ? { guard, light: 'yellow', why } : green(guard, why)
}

function baseline({ version, champion }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'baseline-disagreement'
  const own = version.baselineDisagreement
  if (own === null || version.requests < fewest) return nothing(guard, 'too few requests to compare')
  const why = `it differs from the baseline in ${percent(own)} of its requests`
  const more = own - (champion.baselineDisagreement ?? 0)
  return more > limits.baselineDisagreement ? { guard, light: 'yellow', why } : green(guard, why)
}

function sampleRatio({ assigned }: RolloutWindow, limits: GuardLimits): GuardLight {
  const guard = 'sample-ratio'
  if (assigned === undefined || assigned.canary + assigned.control === 0)
    return nothing(guard, 'nobody is assigned yet')
  const { canary, control, share } = assigned
  const p = sampleRatioP(canary, control, share)
  const why = `${canary} of ${canary + control} people or threads are in the canary, ${percent(share)} were meant to (p ${p.toPrecision(2)})`
  if (isMismatch(assigned, limits.sampleRatio)) return { guard, light: 'red', why }
  return p < 10 * limits.sampleRatio ? { guard, light: 'yellow', why } : green(guard, why)
}

/** All lights of a window; the limits are those of `domain/learning/numbers.ts`. */
export const guardLights = (window: RolloutWindow, limits: GuardLimits): readonly GuardLight[] => [
  faults('errors', window, limits),
  faults('invalid-output', window, limits),
  deadlines(window, limits),
  latency(window, limits),
  confidence(window, limits),
  corrections(window, limits),
  baseline(window, limits),
  sampleRatio(window, limits),
]

/** Red lights that do not roll back: one voids the data, the other tells that the world changed. */
const onlyShown: ReadonlySet<GuardId> = new Set(['sample-ratio', 'baseline-disagreement'])

/** The first light that rolls a version back, or `undefined`. */
export const trippedGuard = (lights: readonly GuardLight[]): GuardLight | undefined =>
  lights.find(({ guard, light }) => light === 'red' && !onlyShown.has(guard))
