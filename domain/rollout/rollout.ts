import type { RolloutNumbers } from '../learning/numbers.ts'

export const rolloutStages = ['recorded', 'replay', 'shadow', 'canary', 'approval', 'bake', 'done'] as const
/** Where a rollout is. In `approval` the version is still a canary, in `bake` it is live and watched. */
export type RolloutStage = (typeof rolloutStages)[number]

export const rolloutEnds = ['promoted', 'rejected', 'rolled-back', 'failed-gates', 'expired', 'withdrawn'] as const
/** How a rollout ended. `failed-gates`: a gate or the replay said no; `withdrawn`: a person took it back. */
export type RolloutEnd = (typeof rolloutEnds)[number]

/** A version on its way. */
export interface Rollout {
  readonly bot: string
  readonly version: number
  readonly slot: string
  /** The version that it is compared with, and that comes back when it fails. */
  readonly champion: number
  /** `replace` the champion, or `join` the live versions. */
  readonly mode: 'replace' | 'join'
  readonly stage: RolloutStage
  /** The step of the canary, from 0. */
  readonly step: number
  readonly end: RolloutEnd | undefined
  /** One sentence for people; of a rollback, what happened and why. */
  readonly reason: string | undefined
  readonly numbers: RolloutNumbers
  readonly startedAt: Date
  readonly stageSince: Date
  readonly endedAt: Date | undefined
}

/** The requests that a stage wants to see. Approval wants none beyond those of the stages before. */
export function wantedIn({
  stage,
  step,
  numbers,
}: {
  readonly stage: RolloutStage
  readonly step: number
  readonly numbers: Pick<RolloutNumbers, 'shadowRequests' | 'canary' | 'bakeRequests'>
}): number {
  if (stage === 'shadow') return numbers.shadowRequests
  if (stage === 'canary') return numbers.canary[step]?.requests ?? 0
  return stage === 'bake' ? numbers.bakeRequests : 0
}

export const decisions = ['promote', 'hold', 'reject'] as const
export type DecisionKind = (typeof decisions)[number]

/** The version of a bot that a rollout is of. */
export interface RolloutKey {
  readonly bot: string
  readonly version: number
}
