import { z } from 'zod'
import { decisions, rolloutEnds, rolloutStages } from '../../domain/rollout/rollout.ts'
import { compared, comparedInput, figures, gate, judgement, light, verdict } from './judgement.ts'
import { botName, hash, list, number, time } from './values.ts'

/* Rollouts, their evidence, the decisions on it, and taking a version back. */

const count = z.number()
const pairs = z.object({ wins: count, losses: count, neither: count })
const guards = z.object({
  window: count,
  errors: count,
  deadlineMisses: count,
  latencyRatio: count,
  latencyFloorMs: count,
  confidenceDrop: count,
  correctionsRatio: count,
  correctionsFloor: count,
  sampleRatio: count,
  baselineDisagreement: count,
})
const numbers = z.object({
  replayRequests: count,
  shadowRequests: count,
  canary: list(z.object({ weight: count, requests: count })),
  judgeEveryMs: count,
  maxWaitMs: count,
  approvalWithinMs: count,
  bakeRequests: count,
  bakeMs: count,
  evidence: count,
  inconclusiveAfter: count,
  guards,
  demo: z.boolean(),
})
const rollout = z.object({
  bot: z.string(),
  version: count,
  slot: z.string(),
  champion: count,
  mode: z.enum(['replace', 'join']),
  stage: z.enum(rolloutStages),
  step: count,
  end: z.enum(rolloutEnds).nullable(),
  reason: z.string().nullable(),
  held: z.boolean(),
  numbers,
  startedAt: time,
  stageSince: time,
  endedAt: time.nullable(),
  judgement: judgement.nullable(),
  lights: list(light),
  pairs,
  eValue: count,
  seen: count.describe('Requests in this stage.'),
  wanted: count,
})
export type ListedRollout = Readonly<z.infer<typeof rollout>>
export const rollouts = z.object({ rollouts: list(rollout) })

const estimate = z.object({ value: count, from: count, to: count })
const summary = z.object({
  accuracy: estimate,
  macroF1: estimate,
  worst: z.object({ label: z.string(), recall: count }).optional(),
})
const lineage = z.object({
  champion: count,
  parent: count.nullable(),
  mode: z.enum(['replace', 'join']),
  retrain: z.string().nullable(),
  trigger: z.string(),
  author: z.string().nullish().describe('Our own id of whoever asked for it.'),
  datasetRoot: z.string(),
  datasetSize: count,
  newCorrections: count,
  newPredictions: list(z.string()).describe('The newest hundred.'),
  seed: count,
  trainerVersion: z.string(),
  codeFingerprint: z.string().nullable(),
  weightsSha256: z.string(),
})
const replay = z.object({
  requests: count,
  from: z.string(),
  to: z.string(),
  agreement: count,
  noiseFloor: count,
  errors: count,
  reportHash: z.string(),
})
const traffic = z.object({
  seen: count,
  share: count,
  sampleRatioP: count.nullable(),
  pairs,
  eValue: count,
  deadlineMisses: count,
  p50Ms: count.nullable(),
  p95Ms: count.nullable(),
  championP95Ms: count.nullable(),
  agreement: count.nullable(),
  accuracyChange: estimate.nullable(),
  errorBound: count.nullable(),
})
const payload = z.object({
  bot: z.string(),
  version: count,
  judgement,
  lineage,
  holdout: z
    .object({
      champion: figures,
      challenger: figures,
      labels: list(z.string()),
      summaries: z.object({ champion: summary, challenger: summary }),
      correctionHoldout: z.object({ count, champion: count, challenger: count }),
    })
    .optional(),
  gates: list(gate),
  replay: replay.optional(),
  traffic,
  fixed: list(compared),
  broke: list(compared),
  fixedCount: count,
  brokeCount: count,
  contributors: z.object({ people: count, largestShare: count, conflicts: count, untrusted: count }),
  guards: list(light),
  demo: z.boolean(),
})
export type EvidencePayload = Readonly<z.infer<typeof payload>>
const evidence = z.object({ id: z.uuid(), hash, createdAt: time, expiresAt: time, verdict, payload })
export type EvidenceRow = Readonly<z.infer<typeof evidence>>
const decision = z.object({
  id: z.uuid(),
  decision: z.enum(decisions),
  personId: z.uuid(),
  name: z.string(),
  evidenceHash: hash.nullable(),
  reason: z.string(),
  override: z.boolean(),
  state: z.enum(['requested', 'applied', 'refused']),
  refusal: z.string().nullable().describe('In plain words.'),
  at: time,
})
export type TakenDecision = Readonly<z.infer<typeof decision>>
export const rolloutDetail = rollout.extend({
  events: list(z.object({ at: time, kind: z.string(), detail: z.record(z.string(), z.unknown()) })),
  eValueCurve: list(z.object({ at: time, wins: count, losses: count, eValue: count })),
  evidence: evidence.nullable().describe('The latest.'),
  examples: z
    .object({ fixed: list(comparedInput), broke: list(comparedInput) })
    .describe('Those of the evidence, with what was asked about.'),
  decisions: list(decision),
  author: z.string().nullable().describe('What whoever asked for the version is called.'),
  mayDecide: z.object({
    allowed: z.boolean().describe('Whether whoever asks may promote it now.'),
    why: z.string().nullable(),
    holdOrReject: z.boolean(),
  }),
  workflowUrl: z.string(),
})
export type RolloutDetail = Readonly<z.infer<typeof rolloutDetail>>

export const rolloutRequest = z.object({ bot: botName, version: number, demo: z.boolean().default(false) })
export type RolloutRequest = Readonly<z.output<typeof rolloutRequest>>
export const rolloutStarted = z.object({ workflowId: z.string() })

const reason = z.string().trim().min(1, 'say why').max(500)

export const decisionRequest = z.object({
  evidenceId: z.uuid(),
  decision: z.enum(decisions),
  reason,
  override: z.boolean().default(false),
})
export type DecisionRequest = Readonly<z.input<typeof decisionRequest>>
export const decisionApplied = z.object({ decisionId: z.uuid(), state: z.enum(['applied']) })
/** It is kept, and applied as soon as its rollout can take it. */
export const decisionRequested = z.object({ decisionId: z.uuid(), state: z.enum(['requested']) })
/** Either of both. */
export const decided = z.union([decisionApplied, decisionRequested])

export const rollbackRequest = z.object({
  slot: z.string().max(60).optional(),
  version: number.optional().describe('The version that is taken back.'),
  to: number.optional().describe('The version that comes back.'),
  reason,
})
export type RollbackRequest = Readonly<z.output<typeof rollbackRequest>>
export const rolledBack = z.object({ from: z.number(), to: z.number() })
