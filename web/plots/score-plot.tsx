import { percent } from '../words.ts'
import { PlotFigure } from './plot-figure.tsx'
import type { Plot } from './plot-figure.tsx'

/** One label's bar: its words, its calibrated probability (0 to 1), and whether it is the one that was told. */
export interface Bar {
  readonly words: string
  readonly probability: number
  readonly told: boolean
}

const rowHeight = 26
const narrow = 360
const thin = { insetTop: 4, insetBottom: 4, rx: 3 } as const

const marksOf = (plot: Plot, bars: readonly Bar[]) => [
  plot.axisY({ label: null, tickSize: 0, lineWidth: 9, textOverflow: 'ellipsis', fontSize: 13 }),
  plot.barX(bars, { x: () => 1, y: 'words', fill: 'var(--gray-a3)', ...thin }),
  plot.barX(bars, {
    x: 'probability',
    y: 'words',
    fill: (bar: Bar) => (bar.told ? 'var(--accent-9)' : 'var(--accent-6)'),
    ...thin,
  }),
  plot.text(bars, {
    x: () => 1,
    y: 'words',
    text: (bar: Bar) => percent(bar.probability),
    textAnchor: 'start',
    dx: 8,
    fill: 'var(--gray-12)',
    fontVariant: 'tabular-nums',
    fontWeight: 600,
    fontSize: 13,
  }),
]

const drawBars = (plot: Plot, width: number, bars: readonly Bar[]) =>
  plot.plot({
    width,
    height: bars.length * rowHeight,
    marginTop: 0,
    marginBottom: 0,
    marginLeft: width < narrow ? 112 : 124,
    marginRight: 56,
    x: { domain: [0, 1], axis: null },
    y: { domain: bars.map((bar) => bar.words), padding: 0 },
    style: { background: 'transparent', color: 'var(--gray-12)' },
    marks: marksOf(plot, bars),
  })

/** Calibrated probabilities of one version as bars, the most likely first. */
export function ScorePlot({ bars, name }: { readonly bars: readonly Bar[]; readonly name: string }) {
  const words = bars.map((bar) => `${bar.words} ${percent(bar.probability)}`).join(', ')
  return <PlotFigure label={`${name}: ${words}`} height={bars.length * rowHeight} data={bars} draw={drawBars} />
}
