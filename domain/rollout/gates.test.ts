import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Figures } from '../model/evaluation.ts'
import { type GateFacts, gatesOf } from './gates.ts'
import type { GateId } from './verdict.ts'

/** Figures of two labels with 100 examples each, of which so many are right. */
const figures = (first: number, second: number, ece = 0.03): Figures => ({
  count: 200,
  support: [100, 100],
  accuracy: (first + second) / 200,
  balancedAccuracy: (first + second) / 200,
  majorityRate: 0.5,
  ece,
  confusion: [
    [first, 100 - first],
    [100 - second, second],
  ],
  auc: [0.9, 0.9],
})
const good: GateFacts = {
  labels: ['fedora', 'no-fedora'],
  baseHoldout: {
    ...{ champion: figures(90, 90), challenger: figures(90, 90), baseline: figures(85, 85) },
    differences: [
      { fixed: 2, broke: 2 },
      { fixed: 0, broke: 0 },
    ],
  },
  correctionHoldout: { count: 30, champion: 5, challenger: 20, baseline: 4 },
  sinceBaseline: { fixed: 30, broke: 4 },
  onCorrections: { fixed: 15, broke: 0 },
  sandboxFault: undefined,
  latency: { p95Ms: 50, championP95Ms: 48, budgetMs: 2_000 },
  golden: { right: 8, total: 8 },
  newLabels: [],
}
const verdictOf = (wanted: GateId, change: Partial<GateFacts>) =>
  gatesOf({ ...good, ...change }).find(({ gate }) => gate === wanted)?.verdict
/** Of 90 right ones of each label so many were lost, and so many won beside them. */
const held = (lost: readonly [number, number], won: readonly [number, number] = [0, 0]): Partial<GateFacts> => ({
  baseHoldout: {
    champion: figures(90, 90),
    challenger: figures(90 - lost[0] + won[0], 90 - lost[1] + won[1]),
    baseline: figures(85, 85),
    differences: [0, 1].map((label) => ({ fixed: won[label] ?? 0, broke: lost[label] ?? 0 })),
  },
})

test('a good version passes every gate', () => {
  assert.deepEqual(new Set(gatesOf(good).map(({ verdict }) => verdict)), new Set(['pass']))
  assert.equal(gatesOf(good).length, 7)
})

test('(a) a point and one example may be lost, overall and per label', () => {
  assert.equal(verdictOf('base-holdout', held([1, 1])), 'pass')
  assert.equal(verdictOf('base-holdout', held([10, 10])), 'fail')
  assert.equal(verdictOf('base-holdout', held([0, 8], [8, 0])), 'fail')
  assert.equal(verdictOf('base-holdout', { baseHoldout: undefined }), 'no_data')
})

test('(a) what another seed changes in an equal version does not stop it', () => {
  assert.equal(verdictOf('base-holdout', held([12, 9], [9, 6])), 'pass')
  assert.equal(verdictOf('base-holdout', held([2, 0])), 'pass')
})

test('(a) a label that is never right any more stops it, however few its examples are', () => {
  const few = (right: number): Figures => ({
    ...figures(90, 90),
    support: [100, 2],
    confusion: [
      [90, 10],
      [2 - right, right],
    ],
  })
  const differences = [
    { fixed: 0, broke: 0 },
    { fixed: 0, broke: 2 },
  ]
  const champion = few(2)
  assert.equal(
    verdictOf('base-holdout', { baseHoldout: { champion, challenger: few(0), baseline: champion, differences } }),
    'fail',
  )
})

test('(b) under 25 held-out corrections there is no evidence; then better passes, and worse fails', () => {
  const counts = { champion: 5, challenger: 20, baseline: 4 }
  assert.equal(verdictOf('correction-holdout', { correctionHoldout: { count: 24, ...counts } }), 'no_data')
  assert.equal(verdictOf('correction-holdout', { correctionHoldout: { count: 25, ...counts } }), 'pass')
  const lost = (broke: number) => ({
    correctionHoldout: { count: 25, ...counts, champion: 25, challenger: 25 - broke },
    onCorrections: { fixed: 0, broke },
  })
  assert.equal(verdictOf('correction-holdout', lost(5)), 'fail')
  // Nothing is better than a champion that is right in all of them, and one of 25 may be chance.
  assert.deepEqual(
    [0, 1].map((broke) => verdictOf('correction-holdout', lost(broke))),
    ['no_data', 'no_data'],
  )
})

test('(b) a comparison with a champion that cannot say a label is marked', () => {
  const gates = gatesOf({ ...good, newLabels: ['design'] })
  assert.match(gates[1]?.why ?? '', /the champion cannot say design/)
})

test('(c) it beats the baseline; a loss that may be chance is no evidence', () => {
  assert.equal(verdictOf('beats-baseline', { sinceBaseline: { fixed: 4, broke: 30 } }), 'fail')
  assert.equal(verdictOf('beats-baseline', { sinceBaseline: { fixed: 20, broke: 22 } }), 'no_data')
  assert.equal(verdictOf('beats-baseline', { sinceBaseline: { fixed: 22, broke: 20 } }), 'pass')
})

test('(d) its confidence means what it says', () => {
  const withEce = (challenger: number, champion: number) => {
    const facts = good.baseHoldout ?? assert.fail('there is one')
    return { baseHoldout: { ...facts, challenger: figures(90, 90, challenger), champion: figures(90, 90, champion) } }
  }
  assert.equal(verdictOf('calibrated', withEce(0.2, 0.03)), 'fail')
  assert.equal(verdictOf('calibrated', withEce(0.2, 0.19)), 'pass')
})

test('(e) it answers in a sandbox', () => {
  assert.equal(verdictOf('sandbox', { sandboxFault: 'weights.bin ends early' }), 'fail')
})

test('(f) it is slow only when it is over the budget and twice as slow as the champion', () => {
  assert.equal(verdictOf('latency', { latency: { p95Ms: 3_000, championP95Ms: 2_000, budgetMs: 2_000 } }), 'pass')
  assert.equal(verdictOf('latency', { latency: { p95Ms: 3_000, championP95Ms: 100, budgetMs: 2_000 } }), 'fail')
  assert.equal(verdictOf('latency', { latency: undefined }), 'no_data')
})

test('(g) every golden example is right', () => {
  assert.equal(verdictOf('golden', { golden: { right: 7, total: 8 } }), 'fail')
  assert.equal(verdictOf('golden', { golden: { right: 0, total: 0 } }), 'no_data')
})
