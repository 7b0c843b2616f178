import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { InputRefused } from '../../domain/errors.ts'

/*
 * Which addresses may be fetched at all. The checks are pure; `connector.ts` puts them before, during and after the connect,
 * because any one of them alone lets some spelling through.
 */

/** Addresses that count as global unicast and yet answer only inside a cloud: Azure's metadata and health service. */
const deniedAddresses: ReadonlySet<string> = new Set(['168.63.129.16'])

/** All of IPv6 that is assigned for global unicast (IANA); the rest may be routed to anything inside a network. */
const globalIpv6 = ipaddr.parseCIDR('2000::/3')

/** Names that resolve inside a machine or a network only: RFC 6761, 6762, 8375, ICANN's `.internal`. */
const localNames = /(?:^|\.)(?:localhost|localdomain|local|internal|home\.arpa|lan|intranet)$/

const forbidden = () => new InputRefused('forbidden-address')

function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast' || deniedAddresses.has(parsed.toString())) return false
  return parsed.kind() === 'ipv4' || parsed.match(globalIpv6)
}

/**
 * Checks one IP address, in any spelling that `node:net` takes; IPv4 inside IPv6 counts as what it maps to.
 * @throws InputRefused `forbidden-address` unless the address is a public unicast one.
 */
export function assertPublicAddress(address: string): void {
  if (!isPublic(address)) throw forbidden()
}

/**
 * Checks a host as the WHATWG URL parser gives it: an IP literal (IPv6 with or without brackets) or a name.
 * @throws InputRefused `forbidden-address` for a literal that is not public, a local name, a name with a trailing dot, and a
 * name of one label, which the resolver would complete with the search domains of this network.
 */
export function assertPublicHost(host: string): void {
  const literal = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(literal) !== 0) {
    assertPublicAddress(literal)
    return
  }
  const name = host.toLowerCase()
  if (name.endsWith('.') || !name.includes('.') || localNames.test(name)) throw forbidden()
}

/**
 * Parses and checks the address of a picture before anything is looked up: https, port 443, no user or password, a public host.
 * @throws InputRefused `forbidden-address`; the error never quotes the address.
 */
export function assertPublicUrl(text: string): URL {
  // The parser comes first: it turns 127.1, 0x7f000001, 2130706433 and full-width digits into the one form that is checked.
  const url = URL.parse(text)
  if (url === null) throw forbidden()
  if (url.protocol !== 'https:' || url.port !== '') throw forbidden()
  if (url.username !== '' || url.password !== '') throw forbidden()
  assertPublicHost(url.hostname)
  return url
}
