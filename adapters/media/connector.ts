import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { buildConnector } from 'undici'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { assertPublicAddress, assertPublicHost } from './address-guard.ts'

/** All IP addresses of a host name. Rejects with an error that has the `code` of `getaddrinfo`. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** Where a host is reached over plain TCP instead of the internet, or `undefined` when the host is not one of these. */
export type Dialer = (host: string) => { readonly host: string; readonly port: number } | undefined

const lookupBySystem: Lookup = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address)

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('something else was thrown'))

/**
 * A lookup for sockets that answers only with checked addresses, and only when every address of the name passes: a name that
 * mixes public and private ones is an attack or a mistake. The socket connects to what was checked; nothing is looked up twice.
 */
export function guardedLookup(lookup: Lookup): LookupFunction {
  const resolve = async (host: string) => {
    const addresses = await lookup(host)
    for (const address of addresses) assertPublicAddress(address)
    const [first] = addresses
    if (first === undefined) throw new ServiceUnavailable('the picture host', 'its name has no address')
    return { first, all: addresses.map((address) => ({ address, family: isIP(address) })) }
  }
  return (host, options, callback) => {
    resolve(host).then(
      ({ first, all }) => {
        if (options.all === true) callback(null, all)
        else callback(null, first, isIP(first))
      },
      (error: unknown) => callback(asError(error), ''),
    )
  }
}

/** Refuses a socket whose far end is not public, whatever was looked up before. */
export function assertPublicPeer(socket: Socket): void {
  try {
    assertPublicAddress(socket.remoteAddress ?? '')
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/**
 * How undici opens a connection: a host that the dialer knows, over plain TCP to where it says; any other through the guard:
 * literal check, guarded lookup, check of the far end.
 * @param options.connectMs how long a connect may take, TLS included.
 */
export function createConnector(options: {
  readonly connectMs: number
  readonly dialer?: Dialer
  readonly lookup?: Lookup
}): buildConnector.connector {
  const plain = buildConnector({ timeout: options.connectMs })
  const guarded = buildConnector({
    timeout: options.connectMs,
    lookup: guardedLookup(options.lookup ?? lookupBySystem),
  })
  return (request, callback) => {
    const target = options.dialer?.(request.hostname)
    if (target !== undefined) {
      plain({ ...request, protocol: 'http:', hostname: target.host, port: `${target.port}` }, callback)
      return
    }
    const refusal = thrownBy(() => assertPublicHost(request.hostname))
    if (refusal !== undefined) {
      callback(refusal, null)
      return
    }
    guarded(request, (...[error, socket]) => {
      const problem = error ?? thrownBy(() => assertPublicPeer(socket))
      if (problem === undefined && socket !== null) callback(null, socket)
      else callback(asError(problem), null)
    })
  }
}

function thrownBy(check: () => void): Error | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    return asError(error)
  }
}
