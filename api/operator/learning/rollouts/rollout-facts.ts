import { lookAt } from '../../../../store/rollouts/look.ts'
import { type RolloutKey, wantedIn } from '../../../../domain/rollout/rollout.ts'
import type { Evidence } from '../../../../domain/rollout/evidence.ts'
import type { GuardLight, Judgement, Pairs } from '../../../../domain/rollout/verdict.ts'
import { whyRefused } from '../../../../store/approvals/check-decision.ts'
import { refusalText } from '../../../../store/approvals/refusals.ts'
import type { Db } from '../../../../store/db.ts'
import { actorOf } from '../../../../store/people/people.ts'
import { latestEvidence } from '../../../../store/rollouts/evidence/evidence.ts'
import { decisionsOf, type ListedDecision } from '../../../../store/approvals/decision-list.ts'
import {
  type RolloutEvent,
  rolloutEvents,
  rolloutOf,
  rolloutsOf,
  type StoredRollout,
} from '../../../../store/rollouts/rollouts.ts'

/** How a rollout does now, or did when its last evidence was written. */
export interface RolloutLook {
  readonly judgement: Judgement | null
  readonly lights: readonly GuardLight[]
  readonly pairs: Pairs
  readonly eValue: number
  readonly seen: number
  readonly wanted: number
}

/** Everything that is told of one rollout. */
export interface RolloutFacts extends RolloutLook {
  readonly rollout: StoredRollout
  readonly events: readonly RolloutEvent[]
  readonly evidence: Evidence | undefined
  readonly decisions: readonly ListedDecision[]
  /** What whoever asked for the version is called. */
  readonly author: string | undefined
  /** Why this person may not promote it, or hold or reject it; `undefined`: they may. */
  readonly refusals: { readonly promote: string | undefined; readonly reject: string | undefined }
}

/** A list shows so many; the page of a version shows its own. */
const mostListed = 50

const nothingSeen = { pairs: { wins: 0, losses: 0, neither: 0 }, eValue: 1, seen: 0, wanted: 0 }

/** One that has ended is told by its last evidence: what came later is another version's. */
function lookBack(evidence: Evidence | undefined): RolloutLook {
  if (evidence === undefined) return { judgement: null, lights: [], ...nothingSeen }
  const { judgement, guards, traffic } = evidence.payload
  const { pairs, eValue, seen } = traffic
  return { judgement, lights: guards, pairs, eValue, seen, wanted: 0 }
}

async function lookOf(db: Db, rollout: StoredRollout): Promise<RolloutLook> {
  if (rollout.end !== undefined) return lookBack(await latestEvidence(db, rollout))
  const { judgement, lights, pairs, eValue, window } = await lookAt(db, rollout)
  return { judgement, lights, pairs, eValue, seen: window.seen, wanted: wantedIn(rollout) }
}

async function refusalsFor(
  db: Db,
  key: RolloutKey,
  options: { readonly viewer: string; readonly evidence: Evidence | undefined },
) {
  const { viewer: personId, evidence } = options
  if (evidence === undefined) {
    const none = 'There is no evidence to decide on yet.'
    return { promote: none, reject: none }
  }
  const asked = { ...key, personId, evidenceId: evidence.id }
  const promote = await whyRefused(db, { ...asked, decision: 'promote' })
  const reject = await whyRefused(db, { ...asked, decision: 'reject' })
  return { promote: promote && refusalText(promote), reject: reject && refusalText(reject) }
}

/** What whoever asked for a version is called at our own sign-in; else our own id of them. */
async function authorOf(db: Db, evidence: Evidence | undefined): Promise<string | undefined> {
  const author = evidence?.payload.lineage.author
  return typeof author === 'string' ? (await actorOf(db, author)).name : undefined
}

/** Rollouts of these bots, the newest first, and how each does. */
export async function listedRollouts(
  db: Db,
  bots: readonly string[],
  active: boolean,
): Promise<readonly (RolloutLook & { readonly rollout: StoredRollout })[]> {
  const all = (await Promise.all(bots.map((bot) => rolloutsOf(db, bot)))).flat()
  const wanted = all
    .filter(({ end }) => !active || end === undefined)
    .toSorted((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
    .slice(0, mostListed)
  return Promise.all(wanted.map(async (rollout) => ({ rollout, ...(await lookOf(db, rollout)) })))
}

/** Everything that is told of one rollout, to this person. */
export async function rolloutFacts(db: Db, key: RolloutKey, viewer: string): Promise<RolloutFacts | undefined> {
  const rollout = await rolloutOf(db, key)
  if (rollout === undefined) return undefined
  const evidence = await latestEvidence(db, key)
  return {
    rollout,
    evidence,
    ...(await lookOf(db, rollout)),
    events: await rolloutEvents(db, key),
    decisions: (await decisionsOf(db, key)).map((each) => ({
      ...each,
      refusal: each.refusal === null ? null : refusalText(each.refusal),
    })),
    refusals: await refusalsFor(db, key, { viewer, evidence }),
    author: await authorOf(db, evidence),
  }
}
