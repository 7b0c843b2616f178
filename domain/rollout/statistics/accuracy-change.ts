import type { Estimate } from '../held-summary.ts'
import type { Pairs } from '../verdict.ts'
import type { RolloutWindow } from '../window.ts'

const z95 = 1.959_963_985

/** The share of requests in which two versions said the same. @returns `null` when nothing was compared. */
export const agreementOf = ({ compared, agreed }: Pick<RolloutWindow, 'compared' | 'agreed'>): number | null =>
  compared === 0 ? null : agreed / compared

/**
 * By how much the share of right answers would change: (1 − A) · (w − l) / m, where A is how often the versions agree and m counts
 * all labelled disagreements, also those where neither is right (decision 0010). The interval is that of Agresti and
 * Min (2005) for paired shares, half a label added to each of four cells, which holds for a few labels too; A is taken as known.
 * @returns `null` when nothing was compared or labelled.
 */
export function accuracyChange(
  window: Pick<RolloutWindow, 'compared' | 'agreed'>,
  { wins, losses, neither }: Pairs,
): Estimate | null {
  const agreement = agreementOf(window)
  const labelled = wins + losses + neither
  if (agreement === null || labelled === 0) return null
  const differing = 1 - agreement
  const [n, difference] = [labelled + 2, wins - losses]
  const deviation = Math.sqrt(Math.max(0, wins + losses + 1 - difference ** 2 / n)) / n
  const bound = (share: number) => differing * Math.max(-1, Math.min(1, share))
  return {
    value: (differing * difference) / labelled,
    from: bound(difference / n - z95 * deviation),
    to: bound(difference / n + z95 * deviation),
  }
}
