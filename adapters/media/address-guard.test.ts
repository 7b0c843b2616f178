import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { InputRefused } from '../../domain/errors.ts'
import { assertPublicAddress, assertPublicHost, assertPublicUrl } from './address-guard.ts'

const forbidden = (error: unknown) => error instanceof InputRefused && error.refusal === 'forbidden-address'

type Octets = readonly [number, number, number, number]
const hex = (value: number, digits = 2) => value.toString(16).padStart(digits, '0')
const asInteger = (o: Octets) => ((o[0] * 256 + o[1]) * 256 + o[2]) * 256 + o[3]
const halves = (o: Octets) => `${hex(o[0])}${hex(o[1])}:${hex(o[2])}${hex(o[3])}`
const fullWidth = (text: string) => text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))

/** Twenty ways to write one IPv4 address in a URL. */
const spellings: readonly ((octets: Octets) => string)[] = [
  (o) => o.join('.'),
  (o) => `${o.join('.')}.`,
  (o) => `${asInteger(o)}`,
  (o) => `0x${hex(asInteger(o), 8)}`,
  (o) => `0${asInteger(o).toString(8)}`,
  (o) => o.map((octet) => `0x${hex(octet)}`).join('.'),
  (o) => o.map((octet) => `0${octet.toString(8)}`).join('.'),
  (o) => `${o[0]}.${asInteger([0, o[1], o[2], o[3]])}`,
  (o) => `${o[0]}.${o[1]}.${o[2] * 256 + o[3]}`,
  (o) => `0X${hex(o[0])}.${o[1]}.0${o[2].toString(8)}.${o[3]}`,
  (o) => fullWidth(o.join('.')),
  (o) => o.join('。'),
  (o) => o.join('%2e'),
  (o) => `%3${Math.trunc(o[0] / 100)}${`${o[0]}`.slice(1)}.${o[1]}.${o[2]}.${o[3]}`,
  (o) => `[::ffff:${o.join('.')}]`,
  (o) => `[::ffff:${halves(o)}]`,
  (o) => `[0:0:0:0:0:ffff:${halves(o)}]`,
  (o) => `[64:ff9b::${halves(o)}]`,
  (o) => `[2002:${halves(o)}::]`,
  (o) => `[::${o.join('.')}]`,
]

const octet = fc.integer({ min: 0, max: 255 })
const fromRange = (...first: readonly number[]): fc.Arbitrary<Octets> =>
  fc.tuple(octet, octet, octet, octet).map((all) => {
    const [a, b, c, d] = [...first, ...all.slice(first.length)]
    return [a ?? 0, b ?? 0, c ?? 0, d ?? 0]
  })
/** Loopback, private, link-local (cloud metadata), carrier-grade NAT, benchmarking, multicast, reserved, Azure's metadata. */
const privateAddress = fc.oneof(
  fromRange(127),
  fromRange(10),
  fc.integer({ min: 16, max: 31 }).chain((second) => fromRange(172, second)),
  fromRange(192, 168),
  fc.constant<Octets>([169, 254, 169, 254]),
  fromRange(169, 254),
  fc.integer({ min: 64, max: 127 }).chain((second) => fromRange(100, second)),
  fc.integer({ min: 18, max: 19 }).chain((second) => fromRange(198, second)),
  fc.integer({ min: 224, max: 255 }).chain((first) => fromRange(first)),
  fromRange(0),
  fc.constant<Octets>([168, 63, 129, 16]),
)

describe('assertPublicUrl', () => {
  it('lets an ordinary picture link through, as the parser normalises it', () => {
    assert.equal(
      assertPublicUrl('HTTPS://Pbs.Twimg.com:443/media/a.jpg?x=1').href,
      'https://pbs.twimg.com/media/a.jpg?x=1',
    )
    assert.equal(assertPublicUrl('https://93.184.215.14/a.png').hostname, '93.184.215.14')
    assert.equal(assertPublicUrl('https://[2606:4700::1111]/a.png').hostname, '[2606:4700::1111]')
  })

  it('refuses every private address in each of 20 spellings', () => {
    assert.equal(spellings.length, 20)
    fc.assert(
      fc.property(privateAddress, fc.constantFrom(...spellings), (octets, spell) => {
        assert.throws(() => assertPublicUrl(`https://${spell(octets)}/picture.png`), forbidden)
      }),
      { numRuns: 4000 },
    )
  })

  it('refuses the well-known loopback and metadata addresses in all 20 spellings', () => {
    const known: readonly Octets[] = [
      [127, 0, 0, 1],
      [169, 254, 169, 254],
      [10, 0, 0, 1],
      [168, 63, 129, 16],
      [100, 100, 100, 200],
    ]
    for (const octets of known)
      for (const spell of spellings) assert.throws(() => assertPublicUrl(`https://${spell(octets)}/`), forbidden)
  })

  it('reads those spellings as the addresses that they are, so that the refusals above mean something', () => {
    const public4: Octets = [193, 184, 215, 14]
    const same = spellings.slice(0, 13).map((spell) => assertPublicUrl(`https://${spell(public4)}/`).hostname)
    assert.deepEqual([...new Set(same)], ['193.184.215.14'])
  })

  it('refuses every scheme but https, every port but 443, and users in the address', () => {
    const refused = [
      'http://pictures.example/a.png',
      'ftp://pictures.example/a.png',
      'file:///etc/hostname',
      'data:image/png;base64,AAAA',
      'https://pictures.example:80/a.png',
      'https://pictures.example:8443/a.png',
      'https://user@pictures.example/a.png',
      'https://user:password@pictures.example/a.png',
      '//pictures.example/a.png',
      'pictures.example/a.png',
      '',
    ]
    for (const url of refused) assert.throws(() => assertPublicUrl(url), forbidden, url)
  })

  it('reads a backslash as the parser does, so that checker and connector agree on the host', () => {
    assert.equal(assertPublicUrl('https://pictures.example\\@127.0.0.1/a').hostname, 'pictures.example')
  })

  it('never quotes the address in its error', () => {
    assert.throws(
      () => assertPublicUrl('https://someones-name.local/secret-token'),
      (error: unknown) => error instanceof InputRefused && !/someones|secret/.test(error.message),
    )
  })
})

describe('assertPublicHost', () => {
  it('refuses names that only this machine or network knows, and names with a trailing dot', () => {
    const names = ['localhost', 'LOCALHOST', 'a.localhost', 'localhost.', 'printer.local', 'metadata.google.internal']
    const more = ['pictures.example.', 'intranet', 'kubernetes.default.svc.cluster.local', 'nas.home.arpa', '', '.']
    for (const name of [...names, ...more]) assert.throws(() => assertPublicHost(name), forbidden, name)
  })

  it('lets names through that only look like those', () => {
    for (const name of ['localhost.example.com', 'mylocal.example', 'internal-pictures.com']) assertPublicHost(name)
  })
})

describe('assertPublicAddress', () => {
  it('refuses every IPv6 range that is not global unicast', () => {
    const refused = ['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '100::1']
    const more = ['2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '5f00::1', '4000::1', '64:ff9b:1::7f00:1']
    for (const address of [...refused, ...more]) assert.throws(() => assertPublicAddress(address), forbidden, address)
  })

  it('refuses what is no address at all', () => {
    for (const text of ['', 'pictures.example', '127.1', '0x7f000001', '[::1]', ' 8.8.8.8'])
      assert.throws(() => assertPublicAddress(text), forbidden, text)
  })

  it('lets public addresses of both kinds through', () => {
    for (const address of ['8.8.8.8', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8'])
      assertPublicAddress(address)
  })
})
