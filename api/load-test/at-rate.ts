import { setTimeout as sleep } from 'node:timers/promises'

/** A door with more than this many commits under way would be refusing already. */
const mostInFlight = 200

/**
 * Calls `act` at a rate, whether earlier calls have ended or not, until all are made or `signal` is aborted.
 * @param act gets its number and when it was due, by `performance.now()`; it does not throw.
 * @throws AbortError when it is stopped.
 */
export async function atRate(
  schedule: { readonly count: number; readonly perSecond: number; readonly signal: AbortSignal },
  act: (n: number, dueAt: number) => Promise<void>,
): Promise<void> {
  const { count, perSecond, signal } = schedule
  const inFlight = new Set<Promise<void>>()
  const startedAt = performance.now()
  for (let n = 0; n < count; n += 1) {
    signal.throwIfAborted()
    const dueAt = startedAt + (n * 1000) / perSecond
    const earlyMs = dueAt - performance.now()
    if (earlyMs > 0) await sleep(earlyMs, undefined, { signal })
    while (inFlight.size >= mostInFlight) await Promise.race(inFlight)
    const task = act(n, dueAt).finally(() => inFlight.delete(task))
    inFlight.add(task)
  }
  await Promise.all(inFlight)
}
