import { outcomeNames } from '../../api/contract/messages.ts'
import type { OutcomeName } from '../../api/contract/messages.ts'
import { count } from '../words.ts'
import { outcomeColours, outcomeWords } from './outcome-words.ts'
import { PlotFigure } from './plot-figure.tsx'
import type { Plot } from './plot-figure.tsx'

interface Part {
  readonly outcome: OutcomeName
  readonly messages: number
}

const height = 14

const drawParts = (plot: Plot, width: number, parts: readonly Part[]) =>
  plot.plot({
    width,
    height,
    margin: 0,
    x: { axis: null },
    marks: [
      plot.barX(parts, {
        x: 'messages',
        fill: (part: Part) => outcomeColours[part.outcome],
        insetLeft: 1,
        insetRight: 1,
        rx: 3,
        title: (part: Part) => `${outcomeWords[part.outcome]}: ${count(part.messages)}`,
      }),
    ],
  })

/** How today's messages ended, as one bar. Its parts are named beside it. */
export function OutcomePlot({ today }: { readonly today: Readonly<Record<OutcomeName, number>> }) {
  const parts = outcomeNames
    .map((outcome) => ({ outcome, messages: today[outcome] }))
    .filter((part) => part.messages > 0)
  const words = parts.map((part) => `${count(part.messages)} ${outcomeWords[part.outcome].toLowerCase()}`).join(', ')
  return (
    <div className="bar">
      <PlotFigure label={`Today: ${words || 'no messages yet'}`} height={height} data={parts} draw={drawParts} />
    </div>
  )
}
