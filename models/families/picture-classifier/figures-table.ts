import type { Figures } from '../../../domain/model/evaluation.ts'

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** One row of figures; the first label's AUC stands for all, because most bots have two. */
export function figuresRow(cells: readonly string[], figures: Figures, after: readonly string[] = []): string {
  const auc = figures.auc[0]
  const said = [
    auc == null ? 'none of both' : auc.toFixed(3),
    percent(figures.accuracy),
    percent(figures.majorityRate),
    percent(figures.balancedAccuracy),
    figures.ece.toFixed(3),
  ]
  return `| ${[...cells, String(figures.count), ...said, ...after].join(' | ')} |`
}

export const figuresHead = (before: readonly string[], label: string, after: readonly string[] = []): string => {
  const names = ['pictures', `AUC (${label})`, 'accuracy', 'majority rate', 'balanced accuracy', 'ECE']
  const cells = [...before, ...names, ...after]
  return `| ${cells.join(' | ')} |\n|${cells.map(() => '---|').join('')}`
}
