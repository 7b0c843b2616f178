import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'

const listenAgainMs = 1_000
/** A server that says nothing is left alone and asked again; pg would wait for it for ever. */
const connectWithinMs = 5_000
const endWithinMs = 1_000

/**
 * Listens for NOTIFY on a connection of its own, and listens again when that breaks. `wake` is called for every
 * notification, and whenever listening began, because some may have been missed until then.
 * @returns how to end it.
 */
export function listen(
  url: string,
  options: { readonly channel: string; readonly wake: () => void; readonly log: Logger },
): () => Promise<void> {
  const { channel, wake, log } = options
  const stopping = new AbortController()
  let client: pg.Client | undefined
  let isWell = true

  /** Resolves when the connection has ended. */
  const listenOnce = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: `understudy ${channel}`,
      keepAlive: true,
      connectionTimeoutMillis: connectWithinMs,
    })
    client = next
    const ended = new Promise<void>((resolve) => void next.once('end', resolve))
    next.on('notification', wake)
    next.on('error', () => undefined)
    await next.connect()
    await next.query(`listen ${channel}`)
    isWell = true
    wake()
    await ended
  }
  const keepListening = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await listenOnce().catch((error: unknown) => {
        void client?.end().catch(() => undefined)
        if (isWell && !stopping.signal.aborted)
          log.warn({ channel, ...errorFields(error) }, 'listening broke; the sweep goes on')
        isWell = false
      })
      await sleep(listenAgainMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  void keepListening()
  return async () => {
    stopping.abort()
    await Promise.race([client?.end().catch(() => undefined), sleep(endWithinMs)])
  }
}
