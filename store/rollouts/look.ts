import { eValue } from '../../domain/rollout/statistics/e-value.ts'
import type { Compared } from '../../domain/rollout/evidence.ts'
import { guardLights } from '../../domain/rollout/guards.ts'
import { judge } from '../../domain/rollout/judge.ts'
import { wantedIn } from '../../domain/rollout/rollout.ts'
import type { GuardLight, Judgement, Pairs } from '../../domain/rollout/verdict.ts'
import type { RolloutWindow } from '../../domain/rollout/window.ts'
import type { Db } from '../db.ts'
import { labelledDisagreements, pairsOf } from './evidence/pairs.ts'
import { requestsSeen, rolloutWindow } from './evidence/windows.ts'
import type { StoredRollout } from './rollouts.ts'

/** Everything that a look at a rollout tells. */
export interface Look {
  readonly window: RolloutWindow
  readonly lights: readonly GuardLight[]
  readonly disagreements: readonly (Compared & { readonly truth: string })[]
  readonly pairs: Pairs
  readonly eValue: number
  readonly judgement: Judgement
  /** All requests since the version was first asked anything. */
  readonly seen: number
  readonly waitedOut: boolean
}

/** Traffic has had its time to decide; what is live already is not decided by traffic any more. */
const hasWaitedOut = ({ shadowAt, stage, numbers }: StoredRollout): boolean =>
  stage !== 'bake' && shadowAt !== undefined && Date.now() - shadowAt.getTime() >= numbers.maxWaitMs

/** Looks at a rollout once: guards, labels, verdict. */
export async function lookAt(db: Db, rollout: StoredRollout): Promise<Look> {
  const { bot, version, numbers, shadowAt, stageSince } = rollout
  const window = await rolloutWindow(db, rollout)
  const lights = guardLights(window, numbers.guards)
  const disagreements = await labelledDisagreements(db, rollout)
  const pairs = pairsOf(disagreements)
  const waitedOut = hasWaitedOut(rollout)
  const wanted = wantedIn(rollout)
  return {
    window,
    lights,
    disagreements,
    pairs,
    eValue: eValue(pairs.wins, pairs.losses),
    judgement: judge({ pairs, lights, seen: window.seen, wanted, waitedOut }, numbers),
    seen: await requestsSeen(db, { bot, version, since: shadowAt ?? stageSince }),
    waitedOut,
  }
}
