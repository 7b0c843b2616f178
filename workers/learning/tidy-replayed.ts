import { errorFields } from '../../infra/logger.ts'
import type { Runtime } from '../../models/runtime/runtime.ts'
import type { ProcessContext } from '../process.ts'

const tidyEveryMs = 60_000

/** Nothing serves in a learning worker: what was loaded for a replay is unloaded when nobody plays to it any more. */
export function tidyReplayed(
  { log, onRelease }: Pick<ProcessContext, 'log' | 'onRelease'>,
  runtime: Pick<Runtime, 'hold'>,
): void {
  const tidying = setInterval(
    () => void runtime.hold([]).catch((error: unknown) => log.warn(errorFields(error), 'no version is unloaded')),
    tidyEveryMs,
  )
  onRelease(() => clearInterval(tidying))
}
