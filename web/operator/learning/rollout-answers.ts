import { z } from 'zod'
import { compared, figures, gate, judgement, light } from './shapes.ts'

const pairs = z.object({ wins: z.number(), losses: z.number(), neither: z.number() })

const rollout = z.object({
  bot: z.string(),
  version: z.number(),
  slot: z.string(),
  champion: z.number(),
  mode: z.string(),
  stage: z.string(),
  step: z.number(),
  held: z.boolean().nullish(),
  end: z.string().nullish(),
  reason: z.string().nullish(),
  numbers: z.object({
    shadowRequests: z.number(),
    canary: z.array(z.object({ weight: z.number(), requests: z.number() })),
    bakeRequests: z.number(),
    evidence: z.number(),
    inconclusiveAfter: z.number(),
    demo: z.boolean(),
  }),
  startedAt: z.string(),
  stageSince: z.string(),
  endedAt: z.string().nullish(),
  judgement: judgement.nullish(),
  lights: z.array(light),
  pairs: pairs.nullish(),
  eValue: z.number().nullish(),
  seen: z.number().nullish(),
  wanted: z.number().nullish(),
})
export type ListedRollout = Readonly<z.infer<typeof rollout>>
export const rollouts = z.object({ rollouts: z.array(rollout) })

/** The ten points of an approval; numbered as in the reference. */
const estimate = z.object({ value: z.number(), from: z.number(), to: z.number() })
const summary = z.object({
  accuracy: estimate,
  macroF1: estimate,
  worst: z.object({ label: z.string(), recall: z.number() }).nullish(),
})

const payload = z.object({
  judgement,
  lineage: z.object({
    champion: z.number(),
    parent: z.number().nullish(),
    mode: z.string(),
    retrain: z.string().nullish(),
    trigger: z.string(),
    author: z.string().nullish(),
    datasetRoot: z.string(),
    datasetSize: z.number(),
    newCorrections: z.number(),
    newPredictions: z.array(z.string()),
    seed: z.number(),
    trainerVersion: z.string(),
    codeFingerprint: z.string().nullish(),
    weightsSha256: z.string(),
  }),
  holdout: z
    .object({
      champion: figures,
      challenger: figures,
      labels: z.array(z.string()),
      summaries: z.object({ champion: summary, challenger: summary }),
      correctionHoldout: z.object({ count: z.number(), champion: z.number(), challenger: z.number() }),
    })
    .nullish(),
  gates: z.array(gate),
  replay: z
    .object({
      requests: z.number(),
      from: z.string(),
      to: z.string(),
      agreement: z.number(),
      noiseFloor: z.number(),
      errors: z.number(),
      reportHash: z.string(),
    })
    .nullish(),
  traffic: z.object({
    seen: z.number(),
    share: z.number(),
    sampleRatioP: z.number().nullish(),
    pairs,
    eValue: z.number(),
    deadlineMisses: z.number(),
    p50Ms: z.number().nullish(),
    p95Ms: z.number().nullish(),
    championP95Ms: z.number().nullish(),
    agreement: z.number().nullish(),
    accuracyChange: estimate.nullish(),
    errorBound: z.number().nullish(),
  }),
  fixedCount: z.number(),
  brokeCount: z.number(),
  contributors: z.object({
    people: z.number(),
    largestShare: z.number(),
    conflicts: z.number(),
    untrusted: z.number(),
  }),
  guards: z.array(light),
  demo: z.boolean(),
})
export type EvidencePayload = Readonly<z.infer<typeof payload>>

const evidence = z.object({
  id: z.string(),
  hash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  payload,
})
export type EvidenceRow = Readonly<z.infer<typeof evidence>>

const decision = z.object({
  decision: z.string(),
  name: z.string().nullish(),
  evidenceHash: z.string().nullish(),
  reason: z.string().nullish(),
  override: z.boolean(),
  state: z.string(),
  refusal: z.string().nullish(),
  at: z.string(),
})
export type TakenDecision = Readonly<z.infer<typeof decision>>

const curvePoint = z.object({ at: z.string(), wins: z.number(), losses: z.number(), eValue: z.number() })

export const rolloutDetail = rollout.extend({
  events: z.array(z.object({ at: z.string(), kind: z.string(), detail: z.record(z.string(), z.unknown()) })),
  eValueCurve: z.array(curvePoint),
  evidence: evidence.nullish(),
  examples: z.object({ fixed: z.array(compared), broke: z.array(compared) }),
  decisions: z.array(decision),
  author: z.string().nullish(),
  mayDecide: z.object({ allowed: z.boolean(), why: z.string().nullish(), holdOrReject: z.boolean() }),
  workflowUrl: z.string().nullish(),
})
export type RolloutDetail = Readonly<z.infer<typeof rolloutDetail>>
export const decided = z.object({ decisionId: z.string(), state: z.string() })
