import { heartbeat, log, sleep } from '@temporalio/activity'
import { trippedGuard } from '../../domain/rollout/guards.ts'
import { wantedIn } from '../../domain/rollout/rollout.ts'
import type { Db } from '../../store/db.ts'
import { evidenceById, subjectOf } from '../../store/rollouts/evidence/evidence.ts'
import type { RolloutActivities, RolloutRef, WatchEnd, WatchRequest } from '../rollout-contract.ts'
import { type Look, lookAt } from '../../store/rollouts/look.ts'
import { noteJudgement, rolloutOf, type StoredRollout } from '../../store/rollouts/rollouts.ts'

export interface WatchDeps {
  readonly db: Db
  /** Puts disagreements before the reviewers, while the rollout is watched. */
  readonly askBlind: RolloutActivities['askBlind']
  /** Kill points of proofs; nothing in production. */
  readonly at: (point: string) => void | Promise<void>
}

/** Shorter than the heartbeat timeout, however seldom it looks. */
const longestSilenceMs = 3_000

async function pause(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= longestSilenceMs) {
    await sleep(Math.min(left, longestSilenceMs))
    heartbeat()
  }
}

/** Harm, in every stage. */
function harmOf({ lights, judgement }: Look): WatchEnd | undefined {
  const guard = trippedGuard(lights)
  if (guard) return { kind: 'tripped', guard: guard.guard, why: guard.why }
  return judgement.verdict === 'fail' ? { kind: 'tripped', guard: 'evidence', why: judgement.why } : undefined
}

/** A step of the canary opens by requests; the last one waits for a verdict too, so that the card has one to show. */
function gateOf(rollout: StoredRollout, { window, judgement, waitedOut }: Look): WatchEnd | undefined {
  const { stage, step, stageSince, numbers } = rollout
  const isSeen = window.seen >= wantedIn(rollout)
  if (stage === 'bake')
    return isSeen || Date.now() - stageSince.getTime() >= numbers.bakeMs ? { kind: 'gate-open' } : undefined
  const isLast = stage === 'canary' && step >= numbers.canary.length - 1
  if (isSeen && (!isLast || judgement.verdict !== 'no_data')) return { kind: 'gate-open' }
  return waitedOut ? { kind: 'waited-out' } : undefined
}

/** Whether the card still shows what is known; without one, only harm ends the watch. */
async function cardOf(
  { db }: WatchDeps,
  { request, held }: { readonly request: WatchRequest; readonly held: boolean },
  look: Look,
): Promise<WatchEnd | undefined> {
  if (request.evidenceId === undefined) return undefined
  const evidence = await evidenceById(db, request.evidenceId)
  if (evidence === undefined) return { kind: 'evidence-changed' }
  // A card on hold is not over when its time is: its approver wants to decide later, on new evidence.
  if (evidence.expiresAt.getTime() <= Date.now()) return { kind: held ? 'evidence-changed' : 'expired' }
  const now = { ...evidence.payload, judgement: look.judgement, guards: look.lights }
  return subjectOf(now) === subjectOf(evidence.payload) ? undefined : { kind: 'evidence-changed' }
}

async function lookOnce(deps: WatchDeps, request: WatchRequest): Promise<WatchEnd | undefined> {
  const { db } = deps
  const rollout = await rolloutOf(db, request)
  if (rollout === undefined || rollout.end !== undefined) return { kind: 'withdrawn' }
  const look = await lookAt(db, rollout)
  const { pairs, judgement, lights } = look
  const colours = Object.fromEntries(lights.map(({ guard, light }) => [guard, light]))
  const detail = { stage: rollout.stage, verdict: judgement.verdict, ...pairs, eValue: look.eValue, lights: colours }
  await noteJudgement(db, { bot: request.bot, version: request.version, detail })
  const harm = harmOf(look)
  if (harm) return harm
  // The workflow has already gone on to the next stage, and will end this watch.
  if (rollout.stage !== request.stage) return undefined
  return request.stage === 'approval' ? cardOf(deps, { request, held: rollout.held }, look) : gateOf(rollout, look)
}

/** Reviewers are asked beside the watch: a slow Slack does not keep a bad version on stage. */
function openAsking({ askBlind }: WatchDeps, { bot, version }: RolloutRef): () => void {
  let isAsking = false
  const done = () => void (isAsking = false)
  const failed = (error: unknown) => {
    log.warn('people could not be asked', { bot, version, error: error instanceof Error ? error.name : 'unknown' })
    done()
  }
  return () => {
    if (isAsking) return
    isAsking = true
    // What could not be asked now is asked at the next look.
    askBlind({ bot, version }).then(done, failed)
  }
}

/**
 * `watchRollout`: looks at guards, labels and gates every `judgeEveryMs`, in every stage, and returns when something is to be
 * done. It keeps nothing, so an attempt after a crash goes on by looking again.
 */
export const createWatchRollout =
  (deps: WatchDeps) =>
  async (request: WatchRequest): Promise<WatchEnd> => {
    const ask = openAsking(deps, request)
    const numbers = (await rolloutOf(deps.db, request))?.numbers
    for (;;) {
      heartbeat()
      const end = await lookOnce(deps, request)
      await deps.at(`rollout.${request.stage}.looked`)
      if (end !== undefined) return end
      ask()
      await pause(numbers?.judgeEveryMs ?? longestSilenceMs)
    }
  }
