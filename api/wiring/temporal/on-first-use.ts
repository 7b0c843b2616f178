import type { TemporalOrders, TemporalWiring } from './orders.ts'

/** Temporal as whoever asks something of it gets it. */
export type AskTemporal = () => Promise<TemporalOrders>

/**
 * Temporal's library is loaded when the operator API asks it something for the first time. The doors need none of it, and with
 * it they would open a third later after a crash.
 */
export function temporalOnFirstUse(wiring: TemporalWiring): {
  readonly temporal: AskTemporal
  readonly close: () => Promise<void>
} {
  let opened: Promise<TemporalOrders> | undefined
  const open = async () => (await import('./orders.ts')).openTemporalOrders(wiring)
  return {
    temporal: () => (opened ??= open()),
    close: async () => (await opened)?.close(),
  }
}
