import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'

export interface CoordinatorReconcilerDeps {
  readonly log: Logger
  readonly everyMs: number
  /** The bots that have a version, so that there is something to learn. */
  readonly bots: () => Promise<readonly string[]>
  readonly ensure: (bot: string) => Promise<void>
}

/**
 * Sees to it that every bot has its coordinator, at once and again and again: one that Temporal has forgotten starts anew and
 * looks at the records, which know every accepted correction and every retrain that has not ended (docs/rules.md, rule 10).
 * @returns a function that stops it.
 */
export function reconcileCoordinators(deps: CoordinatorReconcilerDeps): () => void {
  let going = false
  const sweep = async (): Promise<void> => {
    if (going) return
    going = true
    try {
      for (const bot of await deps.bots()) await deps.ensure(bot)
    } catch (error) {
      deps.log.warn(errorFields(error), 'coordinators could not be looked after; the next sweep tries again')
    } finally {
      going = false
    }
  }
  void sweep()
  const timer = setInterval(() => void sweep(), deps.everyMs)
  return () => clearInterval(timer)
}
