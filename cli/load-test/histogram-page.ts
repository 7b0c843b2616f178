import { barsOf, histogramOf, percentiles, type Counts } from './histogram.ts'

const [width, height, left, bottom, top] = [720, 280, 56, 40, 12] as const
const plotWidth = width - left - 16
const plotHeight = height - bottom - top

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (found) => escapes[found] ?? found)

const textAt = (x: number, y: number, text: string, anchor = 'middle') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escape(text)}</text>`

const svg = (title: string, content: string) =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}"><title>${escape(title)}</title>${content}</svg>`

/** Bars of 1–2–5 steps: how many messages took how long. */
function barPlot(counts: Counts): string {
  const bars = barsOf(counts)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const step = plotWidth / Math.max(1, bars.length)
  const drawn = bars.map(({ from, to, count }, index) => {
    const size = (count / most) * plotHeight
    const x = left + index * step
    const y = top + plotHeight - size
    const shape = `<rect x="${(x + 1).toFixed(1)}" y="${y.toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${size.toFixed(1)}"><title>${from}–${to} ms: ${count}</title></rect>`
    return shape + textAt(x + step / 2, height - 22, `${from}–${to}`)
  })
  const axis = textAt(left - 6, top + 10, String(most), 'end') + textAt(left - 6, top + plotHeight, '0', 'end')
  return svg(
    'Messages by answer time in milliseconds',
    drawn.join('') + axis + textAt(left + plotWidth / 2, height - 4, 'ms'),
  )
}

/** How slow the slowest part is: the share of messages on a scale that stretches the tail, 50 %, 90 %, 99 %, 99.9 %. */
function tailPlot(counts: Counts): string {
  const histogram = histogramOf(counts)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const nines = Math.max(1, Math.log10(Math.max(10, total)))
  const most = Math.max(1, histogram.getValueAtPercentile(100))
  const place = (share: number, ms: number) =>
    `${(left + (Math.min(nines, -Math.log10(1 - share)) / nines) * plotWidth).toFixed(1)},${(top + plotHeight * (1 - ms / most)).toFixed(1)}`
  // The last point is the slowest message itself.
  const shares = [...Array.from({ length: 101 }, (_, index) => 1 - 10 ** (-(index / 100) * nines)), 1]
  const line = shares.map((share) => place(share, histogram.getValueAtPercentile(share * 100))).join(' ')
  const ticks = [0, 0.9, 0.99, 0.999, 0.9999]
    .filter((share) => -Math.log10(1 - share) <= nines)
    .map((share) =>
      textAt(left + (-Math.log10(1 - share) / nines) * plotWidth, height - 22, `${Number((share * 100).toFixed(2))} %`),
    )
  const axis = textAt(left - 6, top + 10, String(most), 'end') + textAt(left - 6, top + plotHeight, '0', 'end')
  const name = textAt(left + plotWidth / 2, height - 4, 'share of messages that were faster; ms upwards')
  return svg('Answer time by percentile', `<polyline points="${line}"/>${ticks.join('')}${axis}${name}`)
}

const style = `
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem}
svg{width:100%;height:auto;margin:1rem 0}svg text{font-size:11px;fill:currentColor}rect{fill:#3e63dd}
polyline{fill:none;stroke:#3e63dd;stroke-width:2}table{border-collapse:collapse}td,th{padding:.15rem 1rem .15rem 0;text-align:left}`

const table = (rows: readonly (readonly [string, string])[]) =>
  `<table>${rows.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('')}</table>`

/**
 * A page of its own, without anything from elsewhere and without a script: facts, bars, tail, percentiles.
 * @param facts what is written above the plots, each with its name.
 */
export function histogramPage(title: string, facts: readonly (readonly [string, string])[], counts: Counts): string {
  const histogram = histogramOf(counts)
  const rows = percentiles.map((share) => [`p${share}`, `${histogram.getValueAtPercentile(share)} ms`] as const)
  const plots =
    counts.length === 0 ? '<p>No message has been answered.</p>' : barPlot(counts) + tailPlot(counts) + table(rows)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)}</title><style>${style}</style></head>
<body><h1>${escape(title)}</h1>${table(facts)}${plots}</body></html>
`
}
