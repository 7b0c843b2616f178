import pg from 'pg'
import type { Logger } from 'pino'
import { errorFields } from '../../infra/logger.ts'

const listenAgainMs = 1_000

/**
 * Listens for NOTIFY on a connection of its own, and listens again when that breaks. `wake` is called for every
 * notification, and whenever listening began, because some may have been missed until then.
 * @returns how to end it.
 */
export function listen(
  url: string,
  options: { readonly channel: string; readonly wake: () => void; readonly log: Logger },
): () => Promise<void> {
  const { channel } = options
  let stopped = false
  let client: pg.Client | undefined
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: `understudy ${channel}`, keepAlive: true })
    client = next
    next.on('notification', options.wake)
    next.on('error', () => undefined)
    next.on('end', again)
    await next.connect()
    await next.query(`listen ${channel}`)
    options.wake()
  }
  const open = () => {
    if (stopped) return
    connect().catch((error: unknown) => {
      options.log.warn({ channel, ...errorFields(error) }, 'listening broke; the sweep goes on')
      client?.removeListener('end', again)
      again()
    })
  }
  const again = () => void setTimeout(open, listenAgainMs)
  open()
  return async () => {
    stopped = true
    await client?.end().catch(() => undefined)
  }
}
