import type { DecisionKind, RolloutEnd } from '../domain/rollout/rollout.ts'
import type { GuardId, Verdict } from '../domain/rollout/verdict.ts'

/*
 * What `rollOutVersion` may ask of activities. Imports nothing but domain/. Everything here enters histories: our own ids,
 * label ids, hashes and counts only (docs/rules.md, rule 4); a person's reason stays in the row of the decision.
 */

export interface RolloutRef {
  readonly bot: string
  readonly version: number
}

/** The one argument of `rollOutVersion`; what it carries over when it continues as new is in the store, but for seen decisions. */
export interface RolloutRequest extends RolloutRef {
  readonly demo: boolean
  readonly seen?: readonly string[]
}

/** Where a rollout stands, as its row tells. */
export interface RolloutPosition {
  readonly stage: 'replay' | 'shadow' | 'canary' | 'approval' | 'bake' | 'done'
  readonly step: number
  /** How many steps the canary has. */
  readonly steps: number
  readonly end?: RolloutEnd
}

export type WatchedStage = 'shadow' | 'canary' | 'approval' | 'bake'

export interface WatchRequest extends RolloutRef {
  readonly stage: WatchedStage
  readonly step: number
  /** In `approval`: the row that the card shows. */
  readonly evidenceId?: string
}

/** Why the watch ended. */
export type WatchEnd =
  /** Enough requests were seen. */
  | { readonly kind: 'gate-open' }
  /** Traffic had its time. */
  | { readonly kind: 'waited-out' }
  /** A guard is red, or the evidence says fail. */
  | { readonly kind: 'tripped'; readonly guard: GuardId | 'evidence'; readonly why: string }
  /** In `approval`: verdict, a light or the candidate changed, so the card is to be redrawn. */
  | { readonly kind: 'evidence-changed' }
  /** In `approval`: the card is too old. */
  | { readonly kind: 'expired' }
  /** Somebody took it back, or rolled back, past this workflow (Temporal may have been down). */
  | { readonly kind: 'withdrawn' }

export interface WrittenEvidence {
  readonly evidenceId: string
  readonly verdict: Verdict
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A decision as the workflow sees it; person and reason are in its row. */
export interface DecisionRef {
  readonly decisionId: string
  readonly evidenceId: string
  readonly decision: DecisionKind
}

export type Promoted = { readonly kind: 'promoted' } | { readonly kind: 'refused'; readonly reason: string }

/** Whether a hold or a rejection holds now; one that is refused changes nothing, and its person is told by `showCard`. */
export type Recorded = { readonly kind: 'recorded' } | { readonly kind: 'refused'; readonly reason: string }

export interface RolloutActivities {
  /** The rollout's row with its numbers. Repeating it gives where it stands now. */
  openRollout(request: RolloutRequest): Promise<RolloutPosition>
  /** Moves the rollout, and with it the version in the serving set, in one transaction; only a warm version enters. Repeating it changes nothing. @throws ModelNotReady. */
  enterStage(request: RolloutRef & { readonly stage: WatchedStage; readonly step: number }): Promise<void>
  /** Runs the version and its champion over the recording and keeps the report. @returns whether it may go on. */
  replayRollout(
    rollout: RolloutRef,
  ): Promise<{ readonly verdict: Verdict; readonly reportHash: string; readonly why?: string }>
  /** Looks every few seconds, heartbeats, and returns when a gate opens, a guard trips, or people have done something. */
  watchRollout(request: WatchRequest): Promise<WatchEnd>
  /** Writes an evidence row when it differs from the latest one. */
  writeEvidence(rollout: RolloutRef): Promise<WrittenEvidence>
  /** Posts the evidence card, or redraws the one that is there. */
  showCard(request: RolloutRef & { readonly evidenceId: string }): Promise<void>
  /** Promotes: role, contributors, evidence and warmth are checked again in the transaction that changes the serving set. */
  promoteVersion(request: RolloutRef & DecisionRef): Promise<Promoted>
  /** Records `hold` or `reject`, after the same checks. */
  recordDecision(request: RolloutRef & DecisionRef): Promise<Recorded>
  /** Takes the version out and brings the champion back, in one idempotent step; never leaves zero live versions. */
  rollBack(request: RolloutRef & { readonly end: RolloutEnd; readonly why: string }): Promise<void>
  /** Ends a rollout that went well. */
  closeRollout(request: RolloutRef & { readonly end: RolloutEnd }): Promise<void>
  /** Tells the people's channel, once per news. */
  tellRollout(request: RolloutRef & { readonly news: 'shadow' | 'canary' | 'live' | 'ended' }): Promise<void>
  /** Tells everybody whose correction is in the live version for the first time, once each. */
  tellFixers(rollout: RolloutRef): Promise<number>
  /** Puts unlabelled disagreements, and a random share of answers, before the reviewers. Called while it is watched. */
  askBlind(rollout: RolloutRef): Promise<number>
}

/** The one argument of `replayVersion`: what a person wants to see played. */
export interface ReplayOnRequest extends RolloutRef {
  /** Our own random id: that of the report, too. */
  readonly id: string
  readonly against: number
  /** At most so many recordings, the newest ones. */
  readonly limit: number
  /** Milliseconds since the epoch: only recordings since then. */
  readonly since?: number
  /** The same: only recordings before then. */
  readonly until?: number
}

export interface ReplayActivities {
  /** Runs two versions over the recording and keeps the report under its id. Heartbeats `{done, all}`. */
  replayRecording(request: ReplayOnRequest): Promise<{ readonly verdict: Verdict; readonly reportHash: string }>
}
