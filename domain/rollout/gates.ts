import type { Figures } from '../model/evaluation.ts'
import { exactMcNemar } from './statistics/e-value.ts'
import type { GateId, GateResult } from './verdict.ts'

/** How many rows only the newer, or only the older of two versions gets right. */
export interface Differences {
  readonly fixed: number
  readonly broke: number
}

/** What the gates look at, all measured on the same rows. */
export interface GateFacts {
  readonly labels: readonly string[]
  /** On the frozen base holdout; absent when there is none. */
  readonly baseHoldout?:
    | {
        readonly champion: Figures
        readonly challenger: Figures
        readonly baseline: Figures
        /** Between champion and challenger, by true label. */
        readonly differences: readonly Differences[]
      }
    | undefined
  /** Between baseline and challenger, on all held-out examples and corrections. */
  readonly sinceBaseline: Differences
  /** Between champion and challenger, on the held-out corrections. */
  readonly onCorrections: Differences
  readonly correctionHoldout: {
    readonly count: number
    readonly champion: number
    readonly challenger: number
    readonly baseline: number
  }
  /** Loading and answering in a sandbox: what went wrong, or `undefined`. */
  readonly sandboxFault: string | undefined
  /** In milliseconds, measured in the same run. */
  readonly latency: { readonly p95Ms: number; readonly championP95Ms: number; readonly budgetMs: number } | undefined
  readonly golden: { readonly right: number; readonly total: number }
  /** Labels that the champion cannot say: there the comparison is not fair, and is marked so. */
  readonly newLabels: readonly string[]
}

/** A holdout of fewer items is not evidence enough for a percentage. */
const fewest = 25
/** A point, and more than one example, so that a single picture does not decide. */
const margin = 0.01
/** One-sided, over all labels: an equal version that was trained anew loses a few examples of some label nearly always. */
const byChance = 0.05
const worstEce = 0.1
const eceMargin = 0.03
const latencyRatio = 2

const points = (share: number): string => `${Math.round(share * 1000) / 10} %`
const rightOf = ({ confusion }: Figures): readonly number[] => confusion.map((row, label) => row[label] ?? 0)
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** Whether more was lost than the margin, and more than chance takes from an equal version when so many labels are looked at. */
const isWorse = ({ fixed, broke }: Differences, count: number, looks = 1): boolean =>
  broke - fixed > Math.max(1, margin * count) && exactMcNemar(fixed, broke) < (2 * byChance) / looks

/** A label that is never right any more is lost, however few examples there are to tell by. */
const isLost = (own: number, other: number): boolean => own === 0 && other > 1

function baseHoldout({ baseHoldout: held, labels }: GateFacts): Omit<GateResult, 'gate'> {
  if (held === undefined) return { verdict: 'no_data', why: 'there is no base holdout' }
  const { champion, challenger } = held
  const text = `${points(challenger.accuracy)} right beside the champion's ${points(champion.accuracy)} on ${challenger.count} held-out examples`
  const [own, other] = [rightOf(challenger), rightOf(champion)]
  const worse = labels.filter((_, label) => {
    const here = held.differences[label] ?? { fixed: 0, broke: 0 }
    return isLost(own[label] ?? 0, other[label] ?? 0) || isWorse(here, challenger.support[label] ?? 0, labels.length)
  })
  const overall = {
    fixed: sum(held.differences.map(({ fixed }) => fixed)),
    broke: sum(held.differences.map(({ broke }) => broke)),
  }
  if (isWorse(overall, challenger.count)) return { verdict: 'fail', why: `worse: ${text}` }
  if (worse.length > 0) return { verdict: 'fail', why: `worse on ${worse.join(', ')}: ${text}` }
  return challenger.count < fewest ? { verdict: 'no_data', why: `only ${text}` } : { verdict: 'pass', why: text }
}

function correctionHoldout({ correctionHoldout: held, onCorrections, newLabels }: GateFacts): Omit<GateResult, 'gate'> {
  const { count, champion, challenger } = held
  if (count < fewest)
    return { verdict: 'no_data', why: `not enough evidence: ${count} held-out corrections, ${fewest} are needed` }
  const marked = newLabels.length > 0 ? ` (the champion cannot say ${newLabels.join(', ')})` : ''
  const why = `${challenger} of ${count} held-out corrections right beside the champion's ${champion}${marked}`
  if (challenger > champion) return { verdict: 'pass', why }
  // One that is right wherever the champion is cannot be better; a loss that may be chance is no harm.
  return { verdict: isWorse(onCorrections, count) ? 'fail' : 'no_data', why }
}

function beatsBaseline({
  baseHoldout: held,
  correctionHoldout: corrections,
  sinceBaseline,
}: GateFacts): Omit<GateResult, 'gate'> {
  if (held === undefined) return { verdict: 'no_data', why: 'there is no base holdout' }
  const count = held.challenger.count + corrections.count
  const own = sum(rightOf(held.challenger)) + corrections.challenger
  const other = sum(rightOf(held.baseline)) + corrections.baseline
  const why = `${own} of ${count} held-out examples and corrections right beside the baseline's ${other}`
  if (isWorse(sinceBaseline, count)) return { verdict: 'fail', why }
  // Not shown to be worse is not yet better.
  const isBehind = sinceBaseline.broke > sinceBaseline.fixed
  return count < fewest || isBehind ? { verdict: 'no_data', why } : { verdict: 'pass', why }
}

function calibrated({ baseHoldout: held }: GateFacts): Omit<GateResult, 'gate'> {
  if (held === undefined) return { verdict: 'no_data', why: 'there is no base holdout' }
  const { champion, challenger } = held
  const why = `calibration error ${points(challenger.ece)} beside the champion's ${points(champion.ece)}`
  if (challenger.count < fewest) return { verdict: 'no_data', why: `${why}, on only ${challenger.count} examples` }
  return { verdict: challenger.ece > Math.max(worstEce, champion.ece + eceMargin) ? 'fail' : 'pass', why }
}

function latency({ latency: measured }: GateFacts): Omit<GateResult, 'gate'> {
  if (measured === undefined) return { verdict: 'no_data', why: 'it was not measured' }
  const { p95Ms, championP95Ms, budgetMs } = measured
  const why = `p95 ${Math.round(p95Ms)} ms beside the champion's ${Math.round(championP95Ms)} ms, budget ${Math.round(budgetMs)} ms`
  return { verdict: p95Ms > budgetMs && p95Ms > latencyRatio * championP95Ms ? 'fail' : 'pass', why }
}

function golden({ golden: { right, total } }: GateFacts): Omit<GateResult, 'gate'> {
  if (total === 0) return { verdict: 'no_data', why: 'there is no golden set' }
  return { verdict: right === total ? 'pass' : 'fail', why: `${right} of ${total} golden examples right` }
}

/**
 * The gates (a) to (g) before any traffic (decision 0009). Only `fail` stops a version; `no_data` is printed on
 * its card.
 */
export function gatesOf(facts: GateFacts): readonly GateResult[] {
  const results: Readonly<Record<GateId, Omit<GateResult, 'gate'>>> = {
    'base-holdout': baseHoldout(facts),
    'correction-holdout': correctionHoldout(facts),
    'beats-baseline': beatsBaseline(facts),
    calibrated: calibrated(facts),
    sandbox:
      facts.sandboxFault === undefined
        ? { verdict: 'pass', why: 'it loads and answers in a sandbox' }
        : { verdict: 'fail', why: `it does not answer in a sandbox: ${facts.sandboxFault}` },
    latency: latency(facts),
    golden: golden(facts),
  }
  return Object.entries(results).map(([gate, result]) => ({ gate: gate as GateId, ...result }))
}
