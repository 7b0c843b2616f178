import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashedOf, type Played, replayVerdict, type Said, summarise } from './replay.ts'
import { isValid, type SeenRequest, versionWindow } from './version-window.ts'

const said = (label: string, confidence = 0.9, ms = 5): Said => ({ label, confidence, ms })

const played = (index: number, overrides: Partial<Played> = {}): Played => ({
  prediction: `p${index}`,
  inputSha256: `sha${index}`,
  truth: undefined,
  earlier: 0,
  learned: false,
  challenger: said('hat'),
  champion: said('hat'),
  again: said('hat'),
  ...overrides,
})

const versions = { version: 2, against: 1 }

test('the hash knows inputs, labels and rounded confidences, and neither times nor the order', () => {
  const [one, other] = [played(1), played(2)]
  const hashed = hashedOf([one, other], versions)
  assert.equal(hashedOf([other, { ...one, challenger: said('hat', 0.9001, 99) }], versions), hashed)
  assert.notEqual(hashedOf([one, { ...other, challenger: said('cap') }], versions), hashed)
  assert.notEqual(hashedOf([one, { ...other, champion: said('hat', 0.95) }], versions), hashed)
  assert.notEqual(hashedOf([one, other], { ...versions, version: 3 }), hashed)
})

test('a report lists what would have been fixed, broken and only different', () => {
  const cap = said('cap')
  const report = summarise(
    [
      played(1, { challenger: cap, truth: 'cap' }),
      played(2, { challenger: cap, truth: 'hat' }),
      played(3, { challenger: cap, earlier: 2 }),
      played(4),
    ],
    { cpuSeconds: 0.4, otherPreprocessing: 0, older: 0 },
  )
  assert.deepEqual(
    [report.fixed, report.broke, report.churn].map((list) => list.map(({ prediction }) => prediction)),
    [['p1'], ['p2'], ['p1', 'p2', 'p3']],
  )
  assert.deepEqual(
    report.churn.map(({ earlier }) => earlier),
    [undefined, undefined, 2],
  )
  assert.equal(report.agreement, 0.25)
  assert.equal(report.labelled, 2)
  assert.equal(report.cpuSecondsPer1000, 100)
  assert.equal(report.verdict, 'pass')
})

test('nothing recorded is no_data; a failure, noise, and more broken than fixed are a fail', () => {
  const free = { cpuSeconds: 0, otherPreprocessing: 0, older: 0 }
  assert.equal(summarise([], free).verdict, 'no_data')
  assert.match(summarise([], { ...free, otherPreprocessing: 3 }).why, /^all 3 .* prepared by other rules/)
  assert.equal(summarise([played(1, { challenger: undefined })], free).verdict, 'fail')
  assert.equal(summarise([played(1, { again: said('hat', 0.8) })], free).verdict, 'fail')
  const fine = {
    requests: 20,
    otherPreprocessing: 0,
    noiseFloor: 1,
    errors: 0,
    agreement: 0.5,
    fixedLearned: 0,
    brokeLearned: 0,
  }
  assert.equal(replayVerdict({ ...fine, fixedCount: 0, brokeCount: 6 }).verdict, 'fail')
  assert.equal(replayVerdict({ ...fine, fixedCount: 0, brokeCount: 5 }).verdict, 'pass')
  assert.equal(replayVerdict({ ...fine, fixedCount: 6, brokeCount: 0 }).verdict, 'pass')
})

test('what one of both was trained on is shown last, and is no evidence', () => {
  const cap = said('cap')
  const fixes = (index: number) => played(index, { challenger: cap, truth: 'cap', learned: true })
  const breaks = (index: number) => played(index, { challenger: cap, truth: 'hat' })
  const many = [...[1, 2, 3, 4, 5, 6, 7].map(fixes), ...[11, 12, 13, 14, 15, 16].map(breaks)]
  const report = summarise([...many, played(20, { challenger: cap, truth: 'cap' })], {
    ...{ cpuSeconds: 0, otherPreprocessing: 0, older: 0 },
  })
  assert.deepEqual([report.fixedCount, report.fixedLearned, report.brokeCount, report.brokeLearned], [8, 7, 6, 0])
  assert.deepEqual([report.fixed[0]?.prediction, report.fixed[1]?.learned], ['p20', true])
  // 1 against 6 may be chance (p 0.125); without the one it is none.
  assert.equal(report.verdict, 'pass')
  assert.match(report.why, /fixed 1 and broken 6, beside 7 that one of both was trained on/)
  assert.equal(summarise(many, { cpuSeconds: 0, otherPreprocessing: 0, older: 0 }).verdict, 'fail')
})

const seen = (overrides: Partial<SeenRequest> = {}): SeenRequest => ({
  recordedAt: 1_000,
  scoredAt: 1_100,
  failed: false,
  label: 'hat',
  confidence: 0.75,
  probabilities: { hat: 0.75, cap: 0.25 },
  evalMs: 10,
  baselineLabel: undefined,
  ...overrides,
})

test('an answer has a label of the version and probabilities that sum to one', () => {
  const labels = ['hat', 'cap']
  assert(isValid(seen(), labels))
  assert(!isValid(seen({ label: 'bowl' }), labels))
  assert(!isValid(seen({ confidence: Number.NaN }), labels))
  assert(!isValid(seen({ probabilities: { hat: null, cap: 1 } }), labels))
  assert(!isValid(seen({ probabilities: { hat: 0.5, cap: 0.1 } }), labels))
  assert(!isValid(seen({ probabilities: { hat: 0.5, bowl: 0.5 } }), labels))
})

test('a window counts failures, late answers and disagreement with the baseline', () => {
  const window = versionWindow(
    [
      seen({ baselineLabel: 'cap' }),
      seen({ baselineLabel: 'hat', evalMs: 30, confidence: 0.25, probabilities: { hat: 0.25, cap: 0.75 } }),
      seen({ scoredAt: 9_500 }),
      seen({ scoredAt: undefined, failed: true }),
      seen({ scoredAt: undefined }),
    ],
    ['hat', 'cap'],
    { answers: 4, corrections: 1 },
  )
  assert.equal(window.errors, 1)
  assert.equal(window.deadlineMisses, 2)
  assert.equal(window.baselineDisagreement, 0.5)
  assert.equal(window.p95Ms, 30)
  assert.equal(window.thirdSlowestMs, 10)
  assert(Math.abs((window.meanConfidence ?? 0) - 1.75 / 3) < 1e-9)
})
