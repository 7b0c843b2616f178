import assert from 'node:assert/strict'
import { test } from 'node:test'
import { histogramPage } from './histogram-page.ts'
import { barsOf, histogramOf, histogramText } from './histogram.ts'

test('bars are steps of 1, 2 and 5, without a gap, from the first that holds something', () => {
  assert.deepEqual(
    barsOf([
      [3, 1],
      [19, 2],
      [20, 4],
    ]),
    [
      { from: 2, to: 5, count: 1 },
      { from: 5, to: 10, count: 0 },
      { from: 10, to: 20, count: 2 },
      { from: 20, to: 50, count: 4 },
    ],
  )
  assert.deepEqual(barsOf([[0, 2]]), [{ from: 0, to: 1, count: 2 }])
  assert.deepEqual(barsOf([]), [])
})

test('no message is lost between the counts and the bars', () => {
  const counts = Array.from({ length: 500 }, (_, ms) => [ms * 7, (ms % 3) + 1] as const)
  const all = counts.reduce((sum, [, count]) => sum + count, 0)
  assert.equal(
    barsOf(counts).reduce((sum, { count }) => sum + count, 0),
    all,
  )
  assert.equal(histogramOf(counts).totalCount, all)
})

test('percentiles are those of the counts', () => {
  const text = histogramText(Array.from({ length: 100 }, (_, n) => [n + 1, 1] as const)).join('\n')
  assert.match(text, / p50 {2}50 ms\n/)
  assert.match(text, / p99 {2}99 ms\n/)
  assert.match(text, / p100 {2}100 ms$/)
})

test('the page escapes what it is given', () => {
  const page = histogramPage('<b>&"', [['<i>', '<script>']], [[5, 1]])
  assert.doesNotMatch(page, /<b>|<i>|<script>/)
  assert.match(page, /&lt;b&gt;&amp;&quot;/)
})
