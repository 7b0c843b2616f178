import type { Figures } from '../model/evaluation.ts'
import type { Estimate, HeldSummary } from './held-summary.ts'
import type { GateResult, GuardLight, Judgement, Pairs } from './verdict.ts'

/** An example for the approver: both answers to one input. Ids only; pictures and texts are looked up by those who may see them. */
export interface Compared {
  /** As in domain/prediction.ts, or `base:…` for an example of the dataset. */
  readonly prediction: string
  readonly champion: string
  readonly challenger: string
  /** The right label, as people said; absent while nobody has. */
  readonly truth?: string | undefined
  /** Messages that had come before in the same conversation; absent: none. */
  readonly earlier?: number | undefined
  /** One of both was trained on it: what they say of it is no evidence. */
  readonly learned?: true | undefined
}

/** Both versions on the same held-out examples. */
export interface Holdout {
  readonly champion: Figures
  readonly challenger: Figures
  readonly labels: readonly string[]
  readonly correctionHoldout: { readonly count: number; readonly champion: number; readonly challenger: number }
}

/** Everything an approver sees, frozen with its hash. Label ids, numbers and our own ids only. */
export interface EvidencePayload {
  readonly bot: string
  readonly version: number
  /** 1. */
  readonly judgement: Judgement
  /** 2. Challenger and champion. */
  readonly lineage: {
    readonly champion: number
    readonly parent: number | null
    readonly mode: 'replace' | 'join'
    readonly retrain: string | null
    readonly trigger: string
    /** Our own id of whoever asked for it; `null`: it came by itself, by the Schedule, or from elsewhere. */
    readonly author: string | null
    readonly datasetRoot: string
    readonly datasetSize: number
    readonly newCorrections: number
    /** The predictions that the new corrections are about; the newest hundred. */
    readonly newPredictions: readonly string[]
    readonly seed: number
    readonly trainerVersion: string
    /** A digest of the code that trained it; `null` for one that came from elsewhere. */
    readonly codeFingerprint: string | null
    readonly weightsSha256: string
  }
  /** 3. On the frozen base holdout; absent when the version came without one, or was judged beside another champion. */
  readonly holdout?: Holdout & {
    readonly summaries: { readonly champion: HeldSummary; readonly challenger: HeldSummary }
  }
  readonly gates: readonly GateResult[]
  /** 4. */
  readonly replay?: {
    readonly requests: number
    readonly from: string
    readonly to: string
    readonly agreement: number
    readonly noiseFloor: number
    readonly errors: number
    readonly reportHash: string
  }
  /** 5. Shadow and canary. */
  readonly traffic: {
    readonly seen: number
    readonly share: number
    readonly sampleRatioP: number | null
    readonly pairs: Pairs
    readonly eValue: number
    /** How often it says the same as the champion; `null` before both have answered something. */
    readonly agreement: number | null
    /** By how much the share of right answers would change; `null` before anything is labelled. */
    readonly accuracyChange: Estimate | null
    readonly deadlineMisses: number
    readonly p50Ms: number | null
    readonly p95Ms: number | null
    readonly championP95Ms: number | null
    /** The upper 95 % bound of the rate of errors. */
    readonly errorBound: number | null
  }
  /** 6. Five each. */
  readonly fixed: readonly Compared[]
  readonly broke: readonly Compared[]
  readonly fixedCount: number
  readonly brokeCount: number
  /** 7. */
  readonly contributors: {
    readonly people: number
    readonly largestShare: number
    readonly conflicts: number
    readonly untrusted: number
  }
  /** 8. */
  readonly guards: readonly GuardLight[]
  readonly demo: boolean
}

/** An immutable evidence row; a card shows it and its hash is of it. */
export interface Evidence {
  readonly id: string
  readonly payload: EvidencePayload
  /** SHA-256 of the payload as canonical JSON. */
  readonly hash: string
  readonly createdAt: Date
  readonly expiresAt: Date
}
