import type { Light } from '../../api/contract/judgement.ts'
import { baseExampleOf } from '../../domain/prediction.ts'
import type { GateId, GuardId, Verdict } from '../../domain/rollout/verdict.ts'

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'Pass',
  fail: 'Fail',
  inconclusive: 'Inconclusive',
  no_data: 'Not enough data',
}
export const verdictColours = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'amber',
  no_data: 'gray',
} as const satisfies Record<Verdict, string>

export const gateWords: Readonly<Record<GateId, string>> = {
  'base-holdout': '(a) Not worse on held-out examples',
  'correction-holdout': '(b) Better on held-out corrections',
  'beats-baseline': '(c) Beats the baseline',
  calibrated: '(d) Calibrated',
  sandbox: '(e) Answers in a sandbox',
  latency: '(f) Fast enough',
  golden: '(g) Golden set',
}

export const guardWords: Readonly<Record<GuardId, string>> = {
  errors: 'Errors',
  'deadline-misses': 'Missed deadlines',
  latency: 'Answer time',
  'invalid-output': 'Invalid answers',
  confidence: 'Confidence',
  corrections: 'Corrections',
  'baseline-disagreement': 'Disagreement with the baseline',
  'sample-ratio': 'Sample ratio',
}

export const lightWords: Readonly<Record<Light['light'], string>> = {
  green: 'green',
  yellow: 'yellow',
  red: 'red',
  no_data: 'no data',
}
export const lightLamps: Readonly<Record<Light['light'], string>> = {
  green: 'lamp lamp-ok',
  yellow: 'lamp lamp-waiting',
  red: 'lamp lamp-down',
  no_data: 'lamp lamp-paused',
}

const stages: Readonly<Record<string, string>> = {
  recorded: 'Recorded',
  replay: 'Replay',
  shadow: 'Shadow',
  canary: 'Canary',
  approval: 'Waits for approval',
  bake: 'Bake time',
  done: 'Done',
  live: 'Live',
  retired: 'Retired',
}
export const stageWords = (stage: string): string => stages[stage] ?? stage

const ends: Readonly<Record<string, string>> = {
  promoted: 'Promoted',
  rejected: 'Rejected',
  'rolled-back': 'Rolled back',
  'failed-gates': 'Stopped by a gate',
  expired: 'Expired without a decision',
  withdrawn: 'Taken back',
}
export const endWords = (end: string): string => ends[end] ?? end

const reasons: Readonly<Record<string, string>> = {
  corrections: 'enough corrections',
  schedule: 'the schedule',
  person: 'a person asked',
  demo: 'a demonstration',
}
export const triggerWords = (reason: string): string => reasons[reason] ?? reason

/** A hash as people compare it: its beginning. */
export const shortHash = (hash: string): string => hash.slice(0, 12)

/** A sentence with its capital letter and its full stop. */
export function sentence(words: string): string {
  const started = words.charAt(0).toUpperCase() + words.slice(1)
  return started === '' || /[.!?]$/.test(started) ? started : `${started}.`
}

/** 12.34 → "12.3", 1234.5 → "1,235": the precision that a reader needs. */
export const evidenceNumber = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 1 ? 2 : 1)

/** What is said of something that a person sent. */
export const goneWords = 'It is not kept any more.'

/** What stands in the place of an input that cannot be shown. Of datasets that were made elsewhere only names are known. */
export function missingInputWords(prediction: string): string {
  const example = baseExampleOf(prediction)
  return example === undefined ? goneWords : `An example of the dataset: ${example}`
}
