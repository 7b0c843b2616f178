import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Figures } from '../evaluation.ts'
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
  baseHoldout: { champion: figures(90, 90), challenger: figures(90, 90), baseline: figures(85, 85) },
  correctionHoldout: { count: 30, champion: 5, challenger: 20, baseline: 4 },
  sandboxFault: undefined,
  latency: { p95Ms: 50, championP95Ms: 48, budgetMs: 2_000 },
  golden: { right: 8, total: 8 },
  newLabels: [],
}
const verdictOf = (wanted: GateId, change: Partial<GateFacts>) =>
  gatesOf({ ...good, ...change }).find(({ gate }) => gate === wanted)?.verdict
const held = (challenger: Figures, champion = figures(90, 90), baseline = figures(85, 85)) => ({
  baseHoldout: { champion, challenger, baseline },
})

test('a good version passes every gate', () => {
  assert.deepEqual(new Set(gatesOf(good).map(({ verdict }) => verdict)), new Set(['pass']))
  assert.equal(gatesOf(good).length, 7)
})

test('(a) a point and one example may be lost, more may not, overall and per label', () => {
  assert.equal(verdictOf('base-holdout', held(figures(89, 89))), 'pass')
  assert.equal(verdictOf('base-holdout', held(figures(88, 89))), 'fail')
  assert.equal(verdictOf('base-holdout', held(figures(95, 88))), 'fail')
  assert.equal(verdictOf('base-holdout', { baseHoldout: undefined }), 'no_data')
})

test('(b) under 25 held-out corrections there is no evidence; else it has to be better', () => {
  const counts = { champion: 5, challenger: 20, baseline: 4 }
  assert.equal(verdictOf('correction-holdout', { correctionHoldout: { count: 24, ...counts } }), 'no_data')
  assert.equal(verdictOf('correction-holdout', { correctionHoldout: { count: 25, ...counts } }), 'pass')
  assert.equal(verdictOf('correction-holdout', { correctionHoldout: { count: 25, ...counts, challenger: 5 } }), 'fail')
})

test('(b) a comparison with a champion that cannot say a label is marked', () => {
  const gates = gatesOf({ ...good, newLabels: ['design'] })
  assert.match(gates[1]?.why ?? '', /the champion cannot say design/)
})

test('(c) it is not worse than the baseline', () => {
  assert.equal(verdictOf('beats-baseline', held(figures(70, 70), figures(70, 70), figures(90, 90))), 'fail')
})

test('(d) its confidence means what it says', () => {
  assert.equal(verdictOf('calibrated', held(figures(90, 90, 0.2))), 'fail')
  assert.equal(verdictOf('calibrated', held(figures(90, 90, 0.2), figures(90, 90, 0.19))), 'pass')
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
