import type { Config } from '../../infra/config.ts'
import type { Stories } from '../../infra/temporal/stories.ts'

/**
 * Temporal's library is loaded when the operator API asks it something for the first time. The doors need none of it, and with it they
 * would open a third later after a crash. It connects with its first call, so that it can be opened while the server is down.
 */
export function temporalOnFirstUse(config: Config): {
  readonly stories: () => Promise<Stories>
  readonly close: () => Promise<void>
} {
  const open = async () => (await import('../../infra/temporal-client.ts')).openTemporalClient(config)
  let opened: ReturnType<typeof open> | undefined
  return {
    stories: async () => (await (opened ??= open())).stories,
    close: async () => (await opened)?.close(),
  }
}
