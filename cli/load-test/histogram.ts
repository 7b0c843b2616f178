import { build, type Histogram } from 'hdr-histogram-js'

/** How many messages took how many whole milliseconds. */
export type Counts = readonly (readonly [ms: number, count: number])[]

/** A histogram with three significant digits, up to a day. */
export function histogramOf(counts: Counts): Histogram {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 86_400_000,
    numberOfSignificantValueDigits: 3,
  })
  for (const [ms, count] of counts) histogram.recordValueWithCount(Math.max(1, Math.round(ms)), count)
  return histogram
}

/** One bar of a plot: messages that took at least `from` and less than `to` milliseconds. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Steps of 1, 2, 5, 10, 20, 50 …: equal on a logarithmic scale, and readable. */
function* edges(): Generator<number> {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) yield step * power
}

/** The counts in bars of 1–2–5 steps, from the first that holds something to the last. */
export function barsOf(counts: Counts): readonly Bar[] {
  const slowest = counts.reduce((most, [ms]) => Math.max(most, ms), 0)
  const bars: Bar[] = []
  let from = 0
  for (const to of edges()) {
    const count = counts.reduce((sum, [ms, found]) => (ms >= from && ms < to ? sum + found : sum), 0)
    if (count > 0 || bars.length > 0) bars.push({ from, to, count })
    if (to > slowest) return bars
    from = to
  }
  return bars
}

/** The percentiles that are printed. */
export const percentiles = [50, 75, 90, 95, 99, 99.9, 100] as const

const width = 40

/** The histogram as text: a bar per 1–2–5 step, then the percentiles. */
export function histogramText(counts: Counts): readonly string[] {
  const bars = barsOf(counts)
  if (bars.length === 0) return ['No message has been answered.']
  const most = Math.max(...bars.map(({ count }) => count))
  const histogram = histogramOf(counts)
  return [
    ...bars.map(({ from, to, count }) => {
      const filled = '█'.repeat(Math.ceil((count / most) * width))
      return `${`${from}–${to} ms`.padStart(16)}  ${filled} ${count}`.trimEnd()
    }),
    '',
    ...percentiles.map((share) => `${`p${share}`.padStart(16)}  ${histogram.getValueAtPercentile(share)} ms`),
  ]
}
