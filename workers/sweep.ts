import type { Logger } from 'pino'
import { errorFields } from '../infra/logger.ts'

/**
 * Does something again and again, never twice at a time. What fails is logged as `failed` says, and done at the next sweep.
 * @returns a function that stops it.
 */
export function sweepEvery(
  everyMs: number,
  what: { readonly log: Pick<Logger, 'warn'>; readonly failed: string; readonly sweep: () => Promise<void> },
): () => void {
  let going = false
  const timer = setInterval(() => {
    if (going) return
    going = true
    const done = () => void (going = false)
    what
      .sweep()
      .catch((error: unknown) => what.log.warn(errorFields(error), what.failed))
      .then(done, done)
  }, everyMs)
  return () => clearInterval(timer)
}
