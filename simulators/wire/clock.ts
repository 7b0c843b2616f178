/** Time that may run faster than a person's, for schedules of hours in tests of seconds. */
export interface ScaledClock {
  readonly scale: () => number
  /** Changes the speed; what is already waiting waits at the new speed. */
  readonly setScale: (scale: number) => void
  /** Calls `work` after `ms` of scaled time. */
  readonly after: (ms: number, work: () => void) => void
  /** Forgets everything that waits. */
  readonly clear: () => void
}

interface Waiting {
  remainingMs: number
  since: number
  timer: NodeJS.Timeout
  readonly work: () => void
}

/** @param initial how many times faster than real time. */
export function createClock(initial = 1): ScaledClock {
  let scale = initial
  const all = new Set<Waiting>()
  const arm = (waiting: Omit<Waiting, 'timer' | 'since'>) => {
    const armed: Waiting = {
      ...waiting,
      since: performance.now(),
      timer: setTimeout(() => {
        all.delete(armed)
        armed.work()
      }, waiting.remainingMs / scale),
    }
    all.add(armed)
  }
  const clear = () => {
    for (const { timer } of all) clearTimeout(timer)
    all.clear()
  }
  const setScale = (next: number) => {
    const before = [...all]
    clear()
    const now = performance.now()
    const elapsedAt = (since: number) => (now - since) * scale
    const rest = before.map(({ remainingMs, since, work }) => ({
      remainingMs: Math.max(0, remainingMs - elapsedAt(since)),
      work,
    }))
    scale = next
    for (const waiting of rest) arm(waiting)
  }
  return { scale: () => scale, setScale, after: (ms, work) => arm({ remainingMs: ms, work }), clear }
}
