import { problem } from './exchange.ts'
import type { Exchange, Reply } from './exchange.ts'

const control = '/_sim/'
/** By these names a browser reaches this machine whatever a name server says. */
const loopback: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** Whether a browser sent it from a page that is not this simulator's own, by whatever name the page reached it. */
function isForeign({ headers: { origin, host } }: Exchange): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const from = new URL(origin)
  return !loopback.includes(from.hostname) || from.host !== host?.toLowerCase()
}

/**
 * The refusal of a control call that a page of somebody else's makes in a visitor's browser; `undefined` for every other
 * request. Programs send no `Origin`, and the platforms' own calls have no cookies that such a page could use.
 */
export const refusalOfForeign = (exchange: Exchange): Reply | undefined =>
  exchange.path.startsWith(control) && isForeign(exchange)
    ? problem(403, 'Another page may not do that', 'Control calls are for this simulator’s own page and for programs.')
    : undefined
