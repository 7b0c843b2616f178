import { percent } from '../words.ts'
import { PlotFigure } from './plot-figure.tsx'
import type { Plot } from './plot-figure.tsx'

const height = 240
const frame = {
  height,
  marginLeft: 52,
  marginBottom: 40,
  style: { background: 'transparent', color: 'var(--gray-12)' },
}
const quiet = 'var(--gray-8)'

export interface ReliabilityBin {
  readonly confidence: number
  readonly accuracy: number
  readonly count: number
}

const drawReliability = (plot: Plot, width: number, bins: readonly ReliabilityBin[]) =>
  plot.plot({
    ...frame,
    width,
    x: { domain: [0, 1], label: 'confidence', percent: false, tickFormat: percent, ticks: 5 },
    y: { domain: [0, 1], label: 'share that is right', tickFormat: percent, ticks: 5 },
    r: { range: [3, 12] },
    marks: [
      plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: quiet, strokeDasharray: '4 4' },
      ),
      plot.line(bins, { x: 'confidence', y: 'accuracy', stroke: 'var(--accent-9)' }),
      plot.dot(bins, {
        x: 'confidence',
        y: 'accuracy',
        r: 'count',
        fill: 'var(--accent-9)',
        title: (bin: ReliabilityBin) =>
          `${bin.count} answers: said ${percent(bin.confidence)}, right ${percent(bin.accuracy)}`,
      }),
    ],
  })

/** How often answers of a confidence are right; on the dashed line the confidence is honest. */
export function ReliabilityPlot({ bins }: { readonly bins: readonly ReliabilityBin[] }) {
  const words = bins.map((bin) => `said ${percent(bin.confidence)}, right ${percent(bin.accuracy)}`).join('; ')
  return <PlotFigure label={`Reliability: ${words}`} height={height} data={bins} draw={drawReliability} />
}

export interface RiskPoint {
  readonly confidence: number
  readonly share: number
  readonly error: number | null
}

const drawRisk = (plot: Plot, width: number, points: readonly RiskPoint[]) =>
  plot.plot({
    ...frame,
    width,
    x: { label: 'answers without asking people', tickFormat: percent, domain: [0, 1], ticks: 5 },
    y: { label: 'of them wrong', tickFormat: percent, grid: true, zero: true, ticks: 5 },
    marks: [
      plot.line(points, { x: (point: RiskPoint) => 1 - point.share, y: 'error', stroke: 'var(--accent-9)' }),
      plot.dot(points, {
        x: (point: RiskPoint) => 1 - point.share,
        y: 'error',
        fill: 'var(--accent-9)',
        title: (point: RiskPoint) =>
          `asks below ${percent(point.confidence)}: ${percent(1 - point.share)} answered, ${percent(point.error ?? 0)} of them wrong`,
      }),
    ],
  })

/** What is wrong among the answers that are given without asking people: the risk–coverage curve. */
export function RiskPlot({ points }: { readonly points: readonly RiskPoint[] }) {
  const [first, last] = [points[0], points.at(-1)]
  const words =
    first && last
      ? `asking nobody ${percent(first.error ?? 0)} are wrong, asking about ${percent(last.share)} of them ${percent(last.error ?? 0)}`
      : 'no points'
  return <PlotFigure label={`Risk and coverage: ${words}`} height={height} data={points} draw={drawRisk} />
}
