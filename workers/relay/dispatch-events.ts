import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'
import type { WaitingEvent } from '../../store/messages/inbound-events.ts'

export interface DispatchDeps {
  readonly log: Logger
  readonly claim: (limit: number) => Promise<readonly WaitingEvent[]>
  /** Makes the message's row and starts its workflow. */
  readonly start: (event: WaitingEvent) => Promise<void>
  readonly markStarted: (id: number) => Promise<void>
  readonly release: (id: number) => Promise<void>
}

/** Calls to Temporal at a time (DESIGN.md rule 1). */
const maxInFlight = 20
const sweepMs = 1_000

export interface Dispatcher {
  /** Something may be waiting: look now. */
  readonly wake: () => void
  /** Takes nothing more, and waits for what is in flight. */
  readonly stop: () => Promise<void>
}

/**
 * Leases events and hands each to `start`; marks it started last of all. It looks when woken and every second; an event
 * whose start failed is free again a second later.
 */
export function dispatchEvents(deps: DispatchDeps): Dispatcher {
  const inFlight = new Set<Promise<void>>()
  let stopped = false
  let claiming: Promise<void> | undefined
  let again = false
  // The last look filled every place, so there may be more.
  let more = false

  const handle = async (event: WaitingEvent): Promise<void> => {
    try {
      await deps.start(event)
      await deps.markStarted(event.id)
    } catch (error) {
      deps.log.warn({ event: event.id, ...errorFields(error) }, 'a workflow could not be started; it is tried again')
      await deps.release(event.id).catch(() => undefined)
    }
  }
  const launch = (event: WaitingEvent): void => {
    const task = handle(event).finally(() => {
      inFlight.delete(task)
      if (more) wake()
    })
    inFlight.add(task)
  }
  const claim = async (): Promise<void> => {
    do {
      again = false
      const free = maxInFlight - inFlight.size
      const events = free > 0 && !stopped ? await deps.claim(free) : []
      events.forEach(launch)
      more = events.length === free
      if (more && free > 0) again = true
    } while (again && inFlight.size < maxInFlight)
  }
  const wake = (): void => {
    again = true
    if (stopped) return
    claiming ??= claim()
      .catch((error: unknown) =>
        deps.log.warn(errorFields(error), 'events could not be claimed; the sweep tries again'),
      )
      .finally(() => (claiming = undefined))
  }
  const sweep = setInterval(wake, sweepMs)
  return {
    wake,
    stop: async () => {
      stopped = true
      clearInterval(sweep)
      await claiming
      await Promise.all(inFlight)
    },
  }
}
