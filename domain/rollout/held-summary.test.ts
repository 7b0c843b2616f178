import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Figures } from '../model/evaluation.ts'
import { heldSummary, macroF1 } from './held-summary.ts'

const figures = (confusion: readonly (readonly number[])[]): Figures => {
  const support = confusion.map((row) => row.reduce((total, value) => total + value, 0))
  const count = support.reduce((total, value) => total + value, 0)
  const right = confusion.reduce((total, row, at) => total + (row[at] ?? 0), 0)
  const accuracy = right / count
  return { count, support, accuracy, balancedAccuracy: 0, majorityRate: 0, ece: 0, confusion, auc: [] }
}

test('the macro F1 is the mean over the labels that occur', () => {
  // F1 of the first: 2·8 / (10 + 9), of the second: 2·4 / (5 + 6); the third never occurs.
  const rows = [
    [8, 2, 0],
    [1, 4, 0],
    [0, 0, 0],
  ]
  assert.ok(Math.abs(macroF1(rows) - (16 / 19 + 8 / 11) / 2) < 1e-12)
  assert.equal(macroF1([[0]]), 0)
})

test('a summary has intervals that hold the figures, names the worst label, and is the same every time', () => {
  const held = figures([
    [80, 20],
    [10, 40],
  ])
  const summary = heldSummary(held, ['hat', 'no-hat'])
  for (const { value, from, to } of [summary.accuracy, summary.macroF1]) {
    assert.ok(from < value && value < to, `${from} < ${value} < ${to}`)
    // 150 examples: about seven points to either side.
    assert.ok(to - from > 0.08 && to - from < 0.2, `${to - from}`)
  }
  assert.deepEqual(summary.worst, { label: 'hat', recall: 0.8 })
  assert.deepEqual(heldSummary(held, ['hat', 'no-hat']), summary)
})

test('no example is no evidence', () => {
  const { accuracy, worst } = heldSummary({ ...figures([[0]]), accuracy: 0 }, ['hat'])
  assert.deepEqual([accuracy.from, accuracy.to, worst], [0, 1, undefined])
})
