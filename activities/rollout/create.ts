import { activityInfo, heartbeat } from '@temporalio/activity'
import type { Bot } from '../../domain/bot.ts'
import { demoRollout } from '../../domain/learning/numbers.ts'
import type { ReplayReport } from '../../domain/rollout/replay.ts'
import { enterStage, openRollout, refuseUnopened } from '../../store/rollouts/enter-stage.ts'
import { promoteVersion } from '../../store/rollouts/promote.ts'
import { keepRolloutReplay, rolloutReplay } from '../../store/rollouts/replays/replay-reports.ts'
import { closeRollout, rollBackRollout } from '../../store/rollouts/rollbacks/roll-back.ts'
import { rolloutOf, type StoredRollout } from '../../store/rollouts/rollouts.ts'
import type { RolloutActivities, RolloutPosition, RolloutRef } from '../rollout-contract.ts'
import { type ReplayDeps, replayVersion } from './replay-version.ts'
import { createWatchRollout, type WatchDeps } from './watch-rollout.ts'
import { createWriteEvidence } from './write-evidence.ts'

export interface RolloutDeps extends ReplayDeps, WatchDeps {
  readonly botOf: (name: string) => Bot
}

/** A version that is not warm after so many attempts, about 15 s, is not promoted by this click. */
const patience = 6

/** Those that talk to people are another factory's. */
type OfPeople = 'tellRollout' | 'tellFixers' | 'askBlind' | 'showCard' | 'recordDecision'

const positionOf = ({ stage, step, numbers, end }: StoredRollout): RolloutPosition => ({
  stage: stage === 'recorded' ? 'replay' : stage,
  step,
  steps: numbers.canary.length,
  ...(end !== undefined && { end }),
})

const answerOf = ({ verdict, hash, why }: ReplayReport) => ({ verdict, reportHash: hash, why })

async function replay(deps: RolloutDeps, { bot, version }: RolloutRef): ReturnType<RolloutActivities['replayRollout']> {
  const { db } = deps
  const rollout = await rolloutOf(db, { bot, version })
  if (rollout === undefined) throw new Error('a replay needs a rollout')
  await enterStage(db, { bot, version, stage: 'replay', step: 0 })
  const kept = await rolloutReplay(db, rollout)
  if (kept) return answerOf(kept.report)
  const order = { bot, version, against: rollout.champion, limit: rollout.numbers.replayRequests }
  const report = await replayVersion(deps, order, () => heartbeat())
  await deps.at('rollout.replay.beforeKeep')
  await keepRolloutReplay(db, report)
  return answerOf(report)
}

/** The activities of rollouts, but for those that talk to people. */
export function createRolloutActivities(deps: RolloutDeps): Omit<RolloutActivities, OfPeople> {
  const { db, at } = deps
  const planOf = (bot: string, demo: boolean) => {
    const { rollout, promotion } = deps.botOf(bot)
    return { mode: promotion, numbers: demo ? demoRollout(rollout) : rollout }
  }
  return {
    openRollout: async ({ bot, version, demo }) => {
      const opened = await openRollout(db, { bot, version, ...planOf(bot, demo) })
      await at('rollout.opened')
      return positionOf(opened)
    },
    enterStage: async (request) => {
      await at(`rollout.${request.stage}.beforeEnter`)
      await enterStage(db, request)
      await at(`rollout.${request.stage}.entered`)
    },
    replayRollout: (rollout) => replay(deps, rollout),
    watchRollout: createWatchRollout(deps),
    writeEvidence: createWriteEvidence(deps),
    promoteVersion: async (request) => {
      await at('rollout.promote.before')
      const patient = activityInfo().attempt < patience
      const promoted = await promoteVersion(db, request, { patient })
      await at('rollout.promote.after')
      return promoted
    },
    rollBack: async ({ bot, version, end, why }) => {
      await at('rollout.rollBack.before')
      // A rollout that waits for its turn has no row yet. It gets one that has ended, so that it does not begin later.
      if ((await rolloutOf(db, { bot, version })) === undefined)
        await refuseUnopened(db, { bot, version, ...planOf(bot, false), end, reason: why })
      await rollBackRollout(db, { bot, version, end, why, actor: 'rollout' })
      await at('rollout.rollBack.after')
    },
    closeRollout: async (request) => {
      await closeRollout(db, request)
      await at('rollout.closed')
    },
  }
}
