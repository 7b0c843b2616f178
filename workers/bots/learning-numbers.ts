import { z } from 'zod'
import { type CorrectionRules, correctionDefaults } from '../../domain/correction.ts'
import {
  type LearningNumbers,
  learningDefaults,
  type RolloutNumbers,
  rolloutDefaults,
} from '../../domain/learning/numbers.ts'

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time such as 30s, 10m, 6h or 7d, as milliseconds. */
const duration = z
  .string()
  .regex(/^\d+[smhd]$/, 'must be a number with s, m, h or d, such as 6h')
  .transform((text) => Number.parseInt(text, 10) * (units[text.slice(-1)] ?? 1))

const share = z.number().gt(0).max(1)
const count = z.int().min(0)

/** For how long one of a quorum must be known to us, as `bot.yaml` says it. */
export const knownFor = z
  .strictObject({ slack: duration.exactOptional(), x: duration.exactOptional() })
  .default({})
  .transform((given): CorrectionRules['knownForMs'] => Object.freeze({ ...correctionDefaults.knownForMs, ...given }))

/** When a bot learns, as `bot.yaml` says it; what is left out is as `domain/learning/numbers.ts` has it. */
export const learning = z
  .strictObject({
    accepted: z.int().min(1).exactOptional(),
    people: z.int().min(1).exactOptional(),
    largestShare: share.exactOptional(),
    weeklyAccepted: z.int().min(1).exactOptional(),
    coolDown: duration.exactOptional(),
    schedule: z
      .string()
      .regex(/^(?:\S+ ){4}\S+$/, 'must be five fields of cron, such as 0 6 * * MON')
      .exactOptional(),
  })
  .default({})
  .transform(({ coolDown, ...given }): LearningNumbers =>
    Object.freeze({ ...learningDefaults, ...given, ...(coolDown !== undefined && { coolDownMs: coolDown }) }),
  )

const guards = z.strictObject({
  window: z.int().min(5).exactOptional(),
  errors: z.int().min(1).exactOptional(),
  deadlineMisses: share.exactOptional(),
  latencyRatio: z.number().min(1).exactOptional(),
  latencyFloorMs: count.exactOptional(),
  confidenceDrop: share.exactOptional(),
  correctionsRatio: z.number().min(1).exactOptional(),
  correctionsFloor: z.int().min(1).exactOptional(),
  sampleRatio: share.exactOptional(),
  baselineDisagreement: share.exactOptional(),
})

/** How a version gets to its audience, as `bot.yaml` says it. */
export const rollout = z
  .strictObject({
    replayRequests: z.int().min(1).exactOptional(),
    shadowRequests: count.exactOptional(),
    canary: z
      .array(z.strictObject({ weight: share, requests: count }))
      .min(1)
      .max(10)
      .exactOptional(),
    maxWait: duration.exactOptional(),
    approvalWithin: duration.exactOptional(),
    bakeRequests: count.exactOptional(),
    bake: duration.exactOptional(),
    evidence: z.number().min(2).exactOptional(),
    inconclusiveAfter: z.int().min(1).exactOptional(),
    guards: guards.exactOptional(),
  })
  .default({})
  .transform(({ maxWait, approvalWithin, bake, guards: limits, ...given }): RolloutNumbers =>
    Object.freeze({
      ...rolloutDefaults,
      ...given,
      ...(maxWait !== undefined && { maxWaitMs: maxWait }),
      ...(approvalWithin !== undefined && { approvalWithinMs: approvalWithin }),
      ...(bake !== undefined && { bakeMs: bake }),
      guards: Object.freeze({ ...rolloutDefaults.guards, ...limits }),
    }),
  )
