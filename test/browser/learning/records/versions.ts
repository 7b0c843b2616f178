import type { z } from 'zod'
import type { dataset as datasetShape } from '../../../../api/contract/datasets.ts'
import type { compared as comparedShape, ComparedInput } from '../../../../api/contract/judgement.ts'
import type { ReplayReport } from '../../../../api/contract/replays.ts'
import type { Comparison, ListedVersion, VersionDetail } from '../../../../api/contract/versions.ts'
import type { Figures } from '../../../../domain/model/evaluation.ts'
import { ago, day, gates, minute, picture, root, uuid, weights } from './values.ts'

/* What a scripted operator API tells of versions, replays and datasets. */

const version = (number: number, parent: number | null, more: Partial<ListedVersion> = {}): ListedVersion => ({
  bot: 'after-dark',
  version: number,
  slot: 'head',
  parent,
  stage: null,
  aliases: [],
  labels: ['engineer', 'not-engineer'],
  datasetRoot: root,
  weightsSha256: weights,
  createdAt: ago((5 - number) * day),
  lineage: null,
  weight: 0,
  warm: true,
  rollout: null,
  ...more,
})
export const versions = (): readonly ListedVersion[] => [
  version(1, null, { stage: 'live', aliases: ['champion', 'baseline'], weight: 1 }),
  version(2, 1, { rollout: { stage: 'done', end: 'rolled-back' } }),
  version(3, 1, { stage: 'canary', aliases: ['challenger'], weight: 0.5, rollout: { stage: 'approval', end: null } }),
  version(4, 3),
  version(5, null, { bot: 'team-router', slot: 'main', stage: 'live', aliases: ['champion', 'baseline'] }),
]

export const figures = (right: number): Figures => ({
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

1. trained
2. measured
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
const versionFiles = { card, evaluation, gates: gates() }
export const replayLine: VersionDetail['replays'][number] = {
  id: uuid(300),
  against: 1,
  verdict: 'pass',
  hash: '12'.repeat(32),
  createdAt: ago(minute),
  requests: 128,
  agreement: 0.94,
  noiseFloor: 1,
}

/** A listed version with everything that its page tells. */
export const detailOf = (listed: ListedVersion): VersionDetail => ({
  ...listed,
  ...versionFiles,
  replays: [replayLine],
})

export const compared = (last: number, truth?: string): z.infer<typeof comparedShape> => ({
  prediction: uuid(last),
  champion: 'engineer',
  challenger: 'not-engineer',
  ...(truth !== undefined && { truth }),
})
export const withInput = (last: number, truth?: string): ComparedInput => ({ ...compared(last, truth), input: picture })

export const comparison: Comparison = {
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

export const report: ReplayReport = {
  bot: 'after-dark',
  version: 3,
  against: 1,
  from: ago(7 * day),
  to: ago(day),
  requests: 128,
  otherPreprocessing: 4,
  older: 1_300,
  agreement: 0.94,
  noiseFloor: 1,
  errors: 0,
  labelled: 9,
  fixedCount: 2,
  brokeCount: 1,
  churnCount: 4,
  fixed: comparison.fixed,
  broke: comparison.broke,
  churn: [...comparison.fixed, ...comparison.broke, { ...withInput(404), earlier: 2 }],
  p50Ms: 31,
  p95Ms: 44,
  againstP95Ms: 43,
  cpuSecondsPer1000: 38.2,
  hash: '12'.repeat(32),
  verdict: 'pass',
  why: 'it agrees in 94 % of 128 recorded requests; it would have fixed 2 and broken 1',
}

export const dataset: z.infer<typeof datasetShape> = {
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
