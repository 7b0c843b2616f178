import { useMemo } from 'react'
import { evidenceNumber } from '../evidence/evidence-words.ts'
import { PlotFigure } from './plot-figure.tsx'
import type { Plot } from './plot-figure.tsx'

const lowest = 0.1

/** What the axis of the evidence spans: from what it fell to, to twice the bound or what it rose to. */
export function eValueRange(values: readonly number[], bound: number): readonly [least: number, most: number] {
  const fallen = values.filter((value) => value > 0).map((value) => value / 1.2)
  return [Math.min(lowest, ...fallen), Math.max(bound * 2, ...values.map((value) => value * 1.2))]
}

interface Step {
  readonly labels: number
  readonly eValue: number
}
interface Curve {
  readonly steps: readonly Step[]
  readonly bound: number
}

const height = 220

const drawCurve = (plot: Plot, width: number, { steps, bound }: Curve) =>
  plot.plot({
    width,
    height,
    marginLeft: 48,
    marginRight: 24,
    marginBottom: 40,
    style: { background: 'transparent', color: 'var(--gray-12)' },
    x: { label: 'labelled disagreements', domain: [0, Math.max(10, ...steps.map(({ labels }) => labels))], ticks: 6 },
    y: {
      type: 'log',
      label: 'e-value',
      domain: eValueRange(
        steps.map(({ eValue }) => eValue),
        bound,
      ),
      ticks: 4,
      tickFormat: '~g',
      clamp: true,
    },
    marks: [
      plot.ruleY([bound], { stroke: 'var(--green-9)', strokeDasharray: '6 4', strokeWidth: 1.5 }),
      plot.text([bound], {
        y: (value: number) => value,
        text: (value: number) => `decides at ${value}`,
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: 6,
        dy: -8,
        fill: 'var(--green-11)',
      }),
      plot.line(steps, { x: 'labels', y: 'eValue', stroke: 'var(--accent-9)', strokeWidth: 2, curve: 'step-after' }),
      plot.dot(steps.slice(-1), { x: 'labels', y: 'eValue', r: 4, fill: 'var(--accent-9)' }),
    ],
  })

/** How the evidence grew with each blind label; at the bound it decides. `points` in the order in which they came. */
export function EValuePlot({
  points,
  bound,
}: {
  readonly points: readonly { readonly wins: number; readonly losses: number; readonly eValue: number }[]
  readonly bound: number
}) {
  const curve = useMemo(
    () => ({
      steps: [
        { labels: 0, eValue: 1 },
        ...points.map(({ wins, losses, eValue }) => ({ labels: wins + losses, eValue })),
      ],
      bound,
    }),
    [points, bound],
  )
  const last = points.at(-1)
  const label = last
    ? `Evidence after ${last.wins + last.losses} labelled disagreements: ${evidenceNumber(last.eValue)} of ${bound}`
    : `No disagreement is labelled yet; the evidence decides at ${bound}`
  return <PlotFigure label={label} height={height} data={curve} draw={drawCurve} />
}
