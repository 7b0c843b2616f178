import { scoringDeadlineMs } from '../outcome.ts'
import { quantileOrNull } from '../quantile.ts'
import type { VersionWindow } from './window.ts'

/** One request that a version was asked about. Times in milliseconds since the epoch. */
export interface SeenRequest {
  readonly recordedAt: number
  /** Absent: it has not answered, or it failed. */
  readonly scoredAt: number | undefined
  readonly failed: boolean
  readonly label: string | undefined
  readonly confidence: number | undefined
  readonly probabilities: Readonly<Record<string, number | null>> | undefined
  readonly evalMs: number | undefined
  /** What the baseline says; absent when it has not answered, or is the version itself. */
  readonly baselineLabel: string | undefined
}

/** Rounding leaves sums this far from 1. */
const tolerance = 0.01

/** Whether what a version said is an answer: a label that it has, and probabilities that are some. */
export function isValid({ label, confidence, probabilities }: SeenRequest, labels: readonly string[]): boolean {
  if (label === undefined || !labels.includes(label)) return false
  if (confidence === undefined || !(confidence >= 0 && confidence <= 1 + tolerance)) return false
  const values = Object.entries(probabilities ?? {})
  const isKnown = values.every(([each, value]) => labels.includes(each) && value !== null && value >= 0)
  return isKnown && Math.abs(values.reduce((sum, [, value]) => sum + (value ?? 0), 0) - 1) <= tolerance
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

const isLate = ({ scoredAt, failed, recordedAt }: SeenRequest): boolean =>
  scoredAt === undefined ? !failed : scoredAt - recordedAt > scoringDeadlineMs

const defined = <T>(values: readonly (T | undefined)[]): readonly T[] => values.filter((value) => value !== undefined)

/**
 * What one version did in the requests that it saw: what failed is no answer at all; what is not valid is one that nobody
 * should read.
 * @param labels those that the version may say.
 */
export function versionWindow(
  requests: readonly SeenRequest[],
  labels: readonly string[],
  said: Pick<VersionWindow, 'answers' | 'corrections'>,
): VersionWindow {
  const scored = requests.filter(({ scoredAt }) => scoredAt !== undefined)
  const compared = scored.filter(({ baselineLabel }) => baselineLabel !== undefined)
  const times = defined(scored.map(({ evalMs }) => evalMs))
  const differs = compared.filter(({ label, baselineLabel }) => label !== baselineLabel).length
  return {
    requests: requests.length,
    errors: requests.filter(({ failed }) => failed).length,
    invalid: scored.filter((request) => !isValid(request, labels)).length,
    deadlineMisses: requests.filter(isLate).length,
    p50Ms: quantileOrNull(times, 0.5),
    p95Ms: quantileOrNull(times, 0.95),
    thirdSlowestMs: times.toSorted((one, other) => other - one)[2] ?? null,
    meanConfidence: mean(defined(scored.map(({ confidence }) => confidence)).filter(Number.isFinite)),
    answers: said.answers,
    corrections: said.corrections,
    baselineDisagreement: compared.length === 0 ? null : differs / compared.length,
  }
}
