/* What a scripted operator API tells of learning and rollouts; test/browser/learning-shapes.test.ts holds it to the real shapes. */

const day = 24 * 60 * 60_000
const minute = 60_000
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const ahead = (ms: number) => ago(-ms)

const pictureSha = 'ab'.repeat(32)
const root = 'cd'.repeat(32)
const weights = 'ef'.repeat(32)
const uuid = (last: number) => `5b6f1d9e-2f0a-4c9e-9a53-${String(last).padStart(12, '0')}`
const picture = { kind: 'picture' as const, sha256: pictureSha, shown: true }
const text = (words: string) => ({ kind: 'text' as const, text: words })

const gates = (golden: 'pass' | 'no_data' = 'pass') => [
  {
    gate: 'base-holdout' as const,
    verdict: 'pass' as const,
    why: '97.7 % right beside the champion’s 97.3 % on 256 held-out examples',
  },
  {
    gate: 'correction-holdout' as const,
    verdict: 'no_data' as const,
    why: 'not enough evidence: 3 held-out corrections, 25 are needed',
  },
  {
    gate: 'beats-baseline' as const,
    verdict: 'pass' as const,
    why: '253 of 259 held-out examples and corrections right beside the baseline’s 249',
  },
  { gate: 'calibrated' as const, verdict: 'pass' as const, why: 'calibration error 3.1 % beside the champion’s 3.4 %' },
  { gate: 'sandbox' as const, verdict: 'pass' as const, why: 'it loads and answers in a sandbox' },
  { gate: 'latency' as const, verdict: 'pass' as const, why: 'p95 41 ms beside the champion’s 40 ms, budget 500 ms' },
  {
    gate: 'golden' as const,
    verdict: golden,
    why: golden === 'pass' ? '12 of 12 golden examples right' : 'there is no golden set',
  },
]

const status = (bot: string, accepted: number, running?: number) => ({
  bot,
  accepted,
  wanted: 20,
  usable: accepted,
  people: Math.min(2, accepted),
  peopleWanted: 3,
  largestShare: accepted === 0 ? 0 : 0.4,
  reviewersBatch: false,
  nextNumber: 4,
  ...(running !== undefined && { running }),
})

const workflowUrl = 'http://127.0.0.1:8233/namespaces/default/workflows/retrain:after-dark:3'
const retrain = (number: number, more: object) => ({
  number,
  reason: 'corrections' as const,
  state: 'succeeded' as 'running' | 'succeeded' | 'failed' | 'cancelled',
  outcome: null as string | null,
  datasetRoot: root as string | null,
  startedAt: ago((4 - number) * day),
  finishedAt: ago((4 - number) * day - minute) as string | null,
  workflowUrl,
  slots: [] as readonly object[],
  ...more,
})

export const learning = () => [
  {
    bot: 'after-dark',
    status: status('after-dark', 7),
    wait: '7 of 20 corrections, next check Monday 06:00 UTC' as string | null,
    schedule: {
      cron: '0 6 * * MON',
      nextAt: ahead(3 * day) as string | null,
      paused: false,
      note: null as string | null,
    },
    scheduleKnown: true,
    retrains: [
      retrain(3, {
        reason: 'demo',
        slots: [{ slot: 'head', parent: 1, version: 3, gates: gates(), progress: null }],
      }),
      retrain(2, { state: 'failed', outcome: 'the dataset has one label left', datasetRoot: null, slots: [] }),
    ],
    correctionToLiveMedianMs: 5.4 * 3_600_000,
  },
  {
    bot: 'team-router',
    status: status('team-router', 20, 4),
    wait: null as string | null,
    schedule: {
      cron: '0 6 * * MON',
      nextAt: null as string | null,
      paused: true,
      note: 'moving house' as string | null,
    },
    scheduleKnown: true,
    retrains: [
      retrain(4, {
        state: 'running',
        startedAt: ago(minute),
        finishedAt: null,
        slots: [{ slot: 'main', parent: 2, version: null, gates: null, progress: { step: 40, of: 100, loss: 0.313 } }],
      }),
    ],
    correctionToLiveMedianMs: null as number | null,
  },
]

const vote = (last: number, label: string | null, reviewer = false) => ({
  personId: uuid(last),
  label,
  reviewer,
  via: 'command' as const,
  at: ago(20 * minute),
})

const correction = (last: number, state: string, more: object) => ({
  prediction: uuid(last),
  messageId: uuid(last),
  bot: 'after-dark',
  state,
  label: null as string | null,
  predicted: 'engineer' as string | null,
  decidedBy: null as string | null,
  openedAt: ago(last * 30 * minute),
  decidedAt: null as string | null,
  votes: 1,
  votesList: [vote(100 + last, 'not-engineer')],
  input: picture as object | null,
  datasets: [] as readonly object[],
  confidence: 0.73,
  ...more,
})
export type ListedCorrection = ReturnType<typeof correction>

export const corrections = (): ListedCorrection[] => [
  correction(1, 'conflicted', { votesList: [vote(101, 'not-engineer'), vote(102, 'engineer', true), vote(103, null)] }),
  correction(2, 'accepted', { label: 'not-engineer', decidedBy: 'quorum', decidedAt: ago(minute) }),
  correction(3, 'accepted', {
    label: 'not-engineer',
    decidedBy: 'reviewer',
    decidedAt: ago(day),
    datasets: [{ root, versions: [3], part: 'train' }],
    input: { ...picture, shown: false },
  }),
  correction(4, 'open', {
    bot: 'team-router',
    predicted: 'core',
    confidence: 0.51,
    input: text('Who looks after the <b>date picker</b>?'),
    votesList: [vote(104, 'date-pickers')],
  }),
]

const labels = [
  { id: 'engineer', words: 'an engineer' },
  { id: 'not-engineer', words: 'not an engineer' },
]
const question = (last: number, more: object = {}) => ({
  id: uuid(200 + last),
  bot: 'after-dark',
  version: 3,
  reason: 'disagreement' as const,
  input: picture as object,
  labels,
  askedAt: ago(minute),
  ...more,
})
export type Question = ReturnType<typeof question>
export const questions = (): Question[] => [
  question(1),
  question(2, {
    bot: 'team-router',
    input: text('The grid scrolls twice.'),
    labels: [
      { id: 'date-pickers', words: 'the date picker team' },
      { id: 'data-grid', words: 'the data grid team' },
      { id: 'core', words: 'the core team' },
    ],
  }),
]

const version = (number: number, parent: number | null, more: object = {}) => ({
  bot: 'after-dark',
  version: number,
  slot: 'head',
  parent,
  stage: null as string | null,
  aliases: [] as readonly string[],
  labels: ['engineer', 'not-engineer'],
  datasetRoot: root,
  weightsSha256: weights,
  createdAt: ago((5 - number) * day),
  lineage: null,
  weight: 0,
  warm: true,
  rollout: null as { stage: string; end: string | null } | null,
  ...more,
})
export const versions = () => [
  version(1, null, { stage: 'live', aliases: ['champion', 'baseline'], weight: 1 }),
  version(2, 1, { rollout: { stage: 'done', end: 'rolled-back' } }),
  version(3, 1, { stage: 'canary', aliases: ['challenger'], weight: 0.5, rollout: { stage: 'approval', end: null } }),
  version(4, 3),
  version(5, null, { bot: 'team-router', slot: 'main', stage: 'live', aliases: ['champion', 'baseline'] }),
]

const figures = (right: number) => ({
  count: 100,
  support: [40, 60],
  accuracy: right / 100,
  balancedAccuracy: right / 100,
  majorityRate: 0.6,
  ece: 0.031,
  confusion: [
    [40 - (100 - right), 100 - right],
    [0, 60],
  ],
  auc: [0.98, 0.98],
})

const card = `# after-dark

## What it is
A **multinomial** logistic regression, dataset \`${root.slice(0, 12)}\`. <script>alert(1)</script>

| vendor | engineer |
|---|---|
| open-peeps | 80 |

- knows [drawings](https://openpeeps.example/licence)
- knows no [photographs](javascript:alert(1))
`

const curve = [0, 0.05, 0.1, 0.15, 0.2].map((share, index) => ({
  confidence: index === 0 ? 0 : 0.5 + index / 20,
  share,
  error: 0.16 - share / 2,
}))

const evaluation = {
  method: 'leave one vendor out',
  labels: ['engineer', 'not-engineer'],
  pooled: figures(91),
  holdout: figures(96),
  unsure: { share: 0.15, confidence: 0.64, curve },
  reliability: [0.55, 0.65, 0.75, 0.85, 0.95].map((confidence, index) => ({
    confidence,
    accuracy: confidence - 0.03,
    count: 10 + index * 8,
  })),
}
export const versionFiles = { card, evaluation, gates: gates() }
export const replayLine = {
  id: uuid(300),
  against: 1,
  verdict: 'pass' as const,
  hash: '12'.repeat(32),
  createdAt: ago(minute),
  requests: 128,
  agreement: 0.94,
  noiseFloor: 1,
}

const compared = (last: number, truth?: string) => ({
  prediction: uuid(last),
  champion: 'engineer',
  challenger: 'not-engineer',
  ...(truth !== undefined && { truth }),
})
const withInput = (last: number, truth?: string) => ({ ...compared(last, truth), input: picture })

export const comparison = {
  labels: ['engineer', 'not-engineer'],
  champion: figures(91),
  challenger: figures(95),
  fixed: [withInput(401, 'not-engineer'), withInput(402, 'not-engineer')],
  broke: [withInput(403, 'engineer')],
  fixedCount: 2,
  brokeCount: 1,
  agreement: 0.94,
  compared: 128,
}

export const report = {
  bot: 'after-dark',
  version: 3,
  against: 1,
  from: ago(7 * day),
  to: ago(day),
  requests: 128,
  otherPreprocessing: 0,
  agreement: 0.94,
  noiseFloor: 1,
  errors: 0,
  labelled: 9,
  fixedCount: 2,
  brokeCount: 1,
  churnCount: 4,
  fixed: comparison.fixed,
  broke: comparison.broke,
  churn: [...comparison.fixed, ...comparison.broke, withInput(404)],
  p50Ms: 31,
  p95Ms: 44,
  againstP95Ms: 43,
  cpuSecondsPer1000: 38.2,
  hash: '12'.repeat(32),
  verdict: 'pass' as const,
  why: 'it agrees in 94 % of 128 recorded requests; it would have fixed 2 and broken 1',
}

export const dataset = {
  root,
  bot: 'after-dark',
  size: 1_727,
  labelCounts: { engineer: 700, 'not-engineer': 1_027 },
  parts: { train: 1_460, holdout: 256, 'correction-holdout': 3, golden: 8 },
  parent: null,
  corrections: 12,
  versions: [3],
  createdAt: ago(day),
}

type LightName = 'green' | 'yellow' | 'red' | 'no_data'
const light = <G extends string>(guard: G, name: LightName, why: string) => ({ guard, light: name, why })
const lights = [
  light('errors' as const, 'green', '0 of the last 30 requests failed'),
  light('invalid-output' as const, 'green', '0 of the last 30 requests gave no valid answer'),
  light('deadline-misses' as const, 'yellow', '3.3 % of the last 30 requests missed the deadline'),
  light('latency' as const, 'green', 'p95 44 ms beside the champion’s 43 ms'),
  light('confidence' as const, 'green', 'mean confidence 81 % beside the champion’s 79 %'),
  light('corrections' as const, 'no_data', 'it has answered nobody yet'),
  light('baseline-disagreement' as const, 'green', 'it differs from the baseline in 6 % of its requests'),
  light('sample-ratio' as const, 'green', '14 of 30 people or threads are in the canary, 50 % were meant to (p 0.72)'),
]

const numbers = {
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

export type VerdictName = 'pass' | 'fail' | 'inconclusive' | 'no_data'
const judgement = (verdict: VerdictName) => ({
  verdict,
  why: 'It was right in 7 and wrong in 1 of 8 labelled disagreements (E = 3.6).',
  next: 'About 9 more labelled disagreements would decide.',
})
const pairs = { wins: 7, losses: 1, neither: 1 }

const rollout = (number: number, more: object = {}) => ({
  bot: 'after-dark',
  version: number,
  slot: 'head',
  champion: 1,
  mode: 'replace' as const,
  stage: 'approval' as string,
  step: 1,
  end: null as string | null,
  reason: null as string | null,
  held: false,
  numbers,
  startedAt: ago(2 * day),
  stageSince: ago(30 * minute),
  endedAt: null as string | null,
  judgement: judgement('inconclusive') as ReturnType<typeof judgement> | null,
  lights,
  pairs,
  eValue: 3.6,
  seen: 30,
  wanted: 30,
  ...more,
})

export const rollouts = () => [
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

const payload = (verdict: VerdictName) => ({
  bot: 'after-dark',
  version: 3,
  judgement: judgement(verdict),
  lineage: {
    champion: 1,
    parent: 1,
    mode: 'replace' as const,
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

export const rolloutDetail = (verdict: VerdictName = 'inconclusive') => ({
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
  decisions: [] as object[],
  author: 'Local admin',
  mayDecide: { allowed: true, why: null as string | null, holdOrReject: true },
  workflowUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/rollout:after-dark:3',
})

export const decisionOf = (decision: string, reason: string, override: boolean) => ({
  id: uuid(600),
  decision,
  personId: uuid(601),
  name: 'Local admin',
  reason,
  override,
  state: 'applied',
  refusal: null,
  at: ago(0),
})
