import type { Light } from '../../../../api/contract/judgement.ts'
import type { EvidencePayload, ListedRollout, RolloutDetail, TakenDecision } from '../../../../api/contract/rollouts.ts'
import type { Judgement, Verdict } from '../../../../domain/rollout/verdict.ts'
import { compared, figures, withInput } from './versions.ts'
import { ago, ahead, day, gates, minute, root, uuid, weights } from './values.ts'

/* What a scripted operator API tells of rollouts and their evidence. */

const light = (guard: Light['guard'], name: Light['light'], why: string): Light => ({ guard, light: name, why })
const lights: readonly Light[] = [
  light('errors', 'green', '0 of the last 30 requests failed'),
  light('invalid-output', 'green', '0 of the last 30 requests gave no valid answer'),
  light('deadline-misses', 'yellow', '3.3 % of the last 30 requests missed the deadline'),
  light('latency', 'green', 'p95 44 ms beside the champion’s 43 ms'),
  light('confidence', 'green', 'mean confidence 81 % beside the champion’s 79 %'),
  light('corrections', 'no_data', 'it has answered nobody yet'),
  light('baseline-disagreement', 'green', 'it differs from the baseline in 6 % of its requests'),
  light('sample-ratio', 'green', '14 of 30 people or threads are in the canary, 50 % were meant to (p 0.72)'),
]

const numbers: ListedRollout['numbers'] = {
  replayRequests: 200,
  shadowRequests: 30,
  canary: [
    { weight: 0.1, requests: 30 },
    { weight: 0.5, requests: 30 },
  ],
  judgeEveryMs: 5_000,
  maxWaitMs: 7 * day,
  approvalWithinMs: 3 * day,
  bakeRequests: 100,
  bakeMs: day,
  evidence: 20,
  inconclusiveAfter: 60,
  guards: {
    window: 30,
    errors: 3,
    deadlineMisses: 0.2,
    latencyRatio: 2,
    latencyFloorMs: 500,
    confidenceDrop: 0.25,
    correctionsRatio: 2,
    correctionsFloor: 5,
    sampleRatio: 0.001,
    baselineDisagreement: 0.3,
  },
  demo: false,
}

const judgement = (verdict: Verdict): Judgement => ({
  verdict,
  why: 'It was right in 7 and wrong in 1 of 8 labelled disagreements (E = 3.6).',
  next: 'About 9 more labelled disagreements would decide.',
})
const pairs = { wins: 7, losses: 1, neither: 1 }

const rollout = (number: number, more: Partial<ListedRollout> = {}): ListedRollout => ({
  bot: 'after-dark',
  version: number,
  slot: 'head',
  champion: 1,
  mode: 'replace',
  stage: 'approval',
  step: 1,
  end: null,
  reason: null,
  held: false,
  numbers,
  startedAt: ago(2 * day),
  stageSince: ago(30 * minute),
  endedAt: null,
  judgement: judgement('inconclusive'),
  lights,
  pairs,
  eValue: 3.6,
  seen: 30,
  wanted: 30,
  ...more,
})

export const rollouts = (): readonly ListedRollout[] => [
  rollout(3),
  rollout(2, {
    stage: 'done',
    end: 'rolled-back',
    endedAt: ago(day),
    reason: 'p95 2,410 ms beside the champion’s 43 ms',
    numbers: { ...numbers, demo: true },
  }),
]

const summary = (value: number) => ({
  accuracy: { value, from: value - 0.04, to: value + 0.03 },
  macroF1: { value: value - 0.02, from: value - 0.07, to: value + 0.02 },
  worst: { label: 'engineer', recall: value - 0.05 },
})

const payload = (verdict: Verdict): EvidencePayload => ({
  bot: 'after-dark',
  version: 3,
  judgement: judgement(verdict),
  lineage: {
    champion: 1,
    parent: 1,
    mode: 'replace',
    retrain: 'retrain:after-dark:3',
    trigger: 'person',
    author: uuid(77),
    datasetRoot: root,
    datasetSize: 1_727,
    newCorrections: 12,
    newPredictions: [uuid(401), uuid(402)],
    seed: 20_260_401,
    trainerVersion: 'picture-classifier-1',
    codeFingerprint: 'c0de'.repeat(16),
    weightsSha256: weights,
  },
  holdout: {
    champion: figures(91),
    challenger: figures(95),
    labels: ['engineer', 'not-engineer'],
    summaries: { champion: summary(0.91), challenger: summary(0.95) },
    correctionHoldout: { count: 3, champion: 1, challenger: 3 },
  },
  gates: gates(),
  replay: {
    requests: 128,
    from: ago(7 * day),
    to: ago(day),
    agreement: 0.94,
    noiseFloor: 1,
    errors: 0,
    reportHash: '12'.repeat(32),
  },
  traffic: {
    seen: 90,
    share: 0.5,
    sampleRatioP: 0.72,
    pairs,
    eValue: 3.6,
    agreement: 0.93,
    accuracyChange: { value: 0.03, from: -0.01, to: 0.05 },
    deadlineMisses: 1,
    p50Ms: 31,
    p95Ms: 44,
    championP95Ms: 43,
    errorBound: 0.033,
  },
  fixed: [compared(401, 'not-engineer')],
  broke: [compared(403, 'engineer')],
  fixedCount: 2,
  brokeCount: 1,
  contributors: { people: 4, largestShare: 0.33, conflicts: 1, untrusted: 0 },
  guards: lights,
  demo: false,
})

export const evidenceId = uuid(500)

const curvePoints = [
  [1, 0, 1],
  [2, 0, 1.3],
  [3, 0, 2],
  [3, 1, 0.8],
  [5, 1, 1.5],
  [7, 1, 3.6],
] as const

export const rolloutDetail = (verdict: Verdict = 'inconclusive'): RolloutDetail => ({
  ...rollout(3, { judgement: judgement(verdict) }),
  events: [
    { at: ago(2 * day), kind: 'stage', detail: { stage: 'replay', step: 0 } },
    { at: ago(day), kind: 'stage', detail: { stage: 'canary', step: 1 } },
    { at: ago(30 * minute), kind: 'evidence', detail: { evidenceId, verdict, hash: '34'.repeat(32) } },
  ],
  eValueCurve: curvePoints.map(([wins, losses, eValue], index) => ({
    at: ago((10 - index) * minute),
    wins,
    losses,
    eValue,
  })),
  evidence: {
    id: evidenceId,
    hash: '34'.repeat(32),
    createdAt: ago(30 * minute),
    expiresAt: ahead(2 * day),
    verdict,
    payload: payload(verdict),
  },
  examples: { fixed: [withInput(401, 'not-engineer')], broke: [withInput(403, 'engineer')] },
  decisions: [],
  author: 'Local admin',
  mayDecide: { allowed: true, why: null, holdOrReject: true },
  workflowUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/rollout:after-dark:3',
})

/** A decision of the local administrator that was carried out. */
export const decisionOf = (taken: Pick<TakenDecision, 'decision' | 'reason' | 'override'>): TakenDecision => ({
  ...taken,
  id: uuid(600),
  personId: uuid(601),
  name: 'Local admin',
  evidenceHash: '34'.repeat(32),
  state: 'applied',
  refusal: null,
  at: ago(0),
})
