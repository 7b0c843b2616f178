import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'
import type { StartableMessage } from '../../store/messages/messages.ts'

export interface ReconcileDeps {
  readonly log: Logger
  readonly everyMs: number
  readonly unfinished: (after: StartableMessage | undefined, limit: number) => Promise<readonly StartableMessage[]>
  /** Starting is idempotent, so it is also the question whether Temporal knows the workflow. */
  readonly start: (message: StartableMessage) => Promise<void>
}

const pageSize = 20

/**
 * PostgreSQL is the truth (docs/rules.md, rule 10): starts again whatever it calls unfinished and Temporal does not know, because
 * its file was lost or its retention is over. @returns a function that stops it.
 */
export function reconcileMessages(deps: ReconcileDeps): () => Promise<void> {
  let stopped = false
  const sweep = async (): Promise<void> => {
    let after: StartableMessage | undefined
    for (;;) {
      const page = await deps.unfinished(after, pageSize)
      await Promise.all(page.map(deps.start))
      after = page.at(-1)
      if (page.length < pageSize || stopped) return
    }
  }
  let sweeping = Promise.resolve()
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(sweep)
      .catch((error: unknown) => deps.log.warn(errorFields(error), 'the reconciler could not finish; it tries again'))
  }, deps.everyMs)
  return async () => {
    stopped = true
    clearInterval(timer)
    await sweeping
  }
}
