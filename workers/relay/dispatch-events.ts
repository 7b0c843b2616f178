import type { Logger } from 'pino'
import { ServiceUnavailable, UnderstudyError } from '../../domain/errors.ts'
import { errorFields } from '../../infra/logger.ts'
import { isOutage } from '../../store/db.ts'
import type { FailedAttempt, WaitingEvent } from '../../store/messages/inbound-events.ts'

export interface DispatchDeps {
  readonly log: Logger
  readonly claim: (limit: number) => Promise<readonly WaitingEvent[]>
  /** Makes the message's row and starts its workflow. */
  readonly start: (event: WaitingEvent) => Promise<void>
  readonly markStarted: (id: number) => Promise<void>
  /** @returns whether the event was put aside for good. */
  readonly release: (failed: FailedAttempt) => Promise<boolean>
}

/** Calls to Temporal at a time (docs/architecture.md). */
const maxInFlight = 20
const sweepMs = 1_000

/** An outage ends for all events at once, so none waits long; an event that is at fault itself may. */
const longestWaitMs = { outage: 10_000, fault: 5 * 60_000 } as const
const firstWaitMs = 1_000

export interface Dispatcher {
  /** Something may be waiting: look now. */
  readonly wake: () => void
  /** Takes nothing more, and waits for what is in flight. */
  readonly stop: () => Promise<void>
}

/** The code of an error that the event itself causes, however often it is tried; `undefined` for what may be over soon. */
function faultOf(error: unknown): string | undefined {
  if (isOutage(error) || !(error instanceof Error)) return undefined
  if (error instanceof UnderstudyError) return error.retryable ? undefined : error.code
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Twice as long after every attempt, and never sooner than whoever could not be asked said. */
function waitAfter(error: unknown, attempts: number): number {
  const most = faultOf(error) === undefined ? longestWaitMs.outage : longestWaitMs.fault
  const asked = error instanceof ServiceUnavailable ? (error.retryAfterMs ?? 0) : 0
  return Math.max(asked, Math.min(most, firstWaitMs * 2 ** Math.min(attempts - 1, 20)))
}

/**
 * Leases events and hands each to `start`; marks it started last of all. It looks when woken and every second; an event that could
 * not be handed on waits longer every time, and one that is at fault itself is put aside after some attempts.
 */
export function dispatchEvents(deps: DispatchDeps): Dispatcher {
  const { log } = deps
  const inFlight = new Set<Promise<void>>()
  let stopped = false
  let claiming: Promise<void> | undefined
  let again = false
  // The last look filled every place, so there may be more.
  let more = false

  const failed = async ({ id, bot, attempts }: WaitingEvent, error: unknown): Promise<void> => {
    const waitMs = waitAfter(error, attempts)
    log.warn({ event: id, attempts, ...errorFields(error) }, 'a workflow could not be started; it is tried again')
    const isParked = await deps.release({ id, waitMs, atFault: faultOf(error) }).catch(() => false)
    if (isParked)
      log.error({ event: id, bot, ...errorFields(error) }, 'an event is put aside: it fails by its own fault')
  }
  const handle = async (event: WaitingEvent): Promise<void> => {
    try {
      await deps.start(event)
      await deps.markStarted(event.id)
    } catch (error) {
      await failed(event, error)
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
      .catch((error: unknown) => log.warn(errorFields(error), 'events could not be claimed; the sweep tries again'))
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
