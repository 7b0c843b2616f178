import type { Figures } from '../../../domain/model/evaluation.ts'
import type { Compared, Holdout } from '../../../domain/rollout/evidence.ts'

/** What a retrain's gates saw, as `retrain_slots.judged` keeps it: all versions on the same rows. */
export interface SlotJudgement {
  /** In the order of the figures' indices. */
  readonly labels: readonly string[]
  readonly champion: number
  readonly baseline: number
  /** On the frozen base holdout, as the evidence shows it, and what the baseline does there. */
  readonly holdout?: (Holdout & { readonly baseline: Figures }) | undefined
  /** Right ones of so many held-out corrections. */
  readonly correctionHoldout: {
    readonly count: number
    readonly champion: number
    readonly challenger: number
    readonly baseline: number
  }
  readonly golden: { readonly right: number; readonly total: number }
  /** In milliseconds, measured in one run. */
  readonly latency?: { readonly p95Ms: number; readonly championP95Ms: number; readonly budgetMs: number } | undefined
  /** Labels that the champion cannot say. */
  readonly newLabels: readonly string[]
  /** Held-out rows that only one of the two gets right: at most five each, and how many there are. */
  readonly fixed: readonly Compared[]
  readonly broke: readonly Compared[]
  readonly fixedCount: number
  readonly brokeCount: number
}
