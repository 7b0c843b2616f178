import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { buildConnector } from 'undici'
import { InputRefused } from '../../domain/errors.ts'
import { assertPublicPeer, createConnector, guardedLookup, type Lookup } from './connector.ts'

const forbidden = (error: unknown) => error instanceof InputRefused && error.refusal === 'forbidden-address'

/** What stands for a private service: it counts who reached it. */
let canary: Server
let port = 0
let hits = 0

before(async () => {
  canary = createServer((socket) => {
    hits += 1
    socket.on('error', () => undefined).end()
  }).listen(0, '127.0.0.1')
  await once(canary, 'listening')
  port = (canary.address() as AddressInfo).port
})
beforeEach(() => {
  hits = 0
})
after(() => canary.close())

const open = (connector: buildConnector.connector, hostname: string) =>
  new Promise<Socket>((resolve, reject) => {
    connector({ hostname, host: hostname, protocol: 'https:', port: `${port}` }, (...[error, socket]) => {
      if (error === null) resolve(socket)
      else reject(error)
    })
  })

const answers =
  (...addresses: readonly string[]): Lookup =>
  () =>
    Promise.resolve(addresses)
const unguarded = (lookup: Lookup) =>
  buildConnector({
    timeout: 1000,
    lookup: (host, _options, callback) => {
      void lookup(host).then((addresses) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        ),
      )
    },
  })
const guarded = (lookup: Lookup) => createConnector({ connectMs: 1000, lookup })

const hostnames = ['127.0.0.1', 'pictures.example'] as const

describe('a connection to a private service', () => {
  for (const hostname of hostnames) {
    it(`would reach it without the guard (${hostname})`, async () => {
      await assert.rejects(open(unguarded(answers('127.0.0.1')), hostname))
      assert.equal(hits, 1)
    })

    it(`does not reach it with the guard (${hostname})`, async () => {
      await assert.rejects(open(guarded(answers('127.0.0.1')), hostname), forbidden)
      assert.equal(hits, 0)
    })
  }

  it('is refused when only one of the name’s addresses is private, wherever it stands', async () => {
    for (const addresses of [
      ['93.184.215.14', '127.0.0.1'],
      ['127.0.0.1', '93.184.215.14'],
      ['2606:4700::1111', '::ffff:127.0.0.1'],
    ])
      await assert.rejects(open(guarded(answers(...addresses)), 'pictures.example'), forbidden)
    assert.equal(hits, 0)
  })

  it('is refused when the name is rebound between two downloads', async () => {
    const rebinding = [['192.168.1.1'], ['127.0.0.1'], ['169.254.169.254']]
    const connector = guarded(() => Promise.resolve(rebinding.shift() ?? ['127.0.0.1']))
    for (let round = 0; round < 4; round += 1) await assert.rejects(open(connector, 'pictures.example'), forbidden)
    assert.equal(hits, 0)
  })

  it('is dropped when the far end is private although everything before said otherwise', async () => {
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    assert.throws(() => assertPublicPeer(socket), forbidden)
    assert.equal(socket.destroyed, true)
  })
})

describe('the guarded lookup', () => {
  const ask = (lookup: Lookup, all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      guardedLookup(lookup)('pictures.example', { all }, (error, address, family) => {
        if (error) reject(error)
        else resolve(all ? address : [address, family])
      })
    })

  it('asks once and answers with the very addresses that it checked', async () => {
    let asked = 0
    const lookup: Lookup = () => {
      asked += 1
      return Promise.resolve(asked === 1 ? ['93.184.215.14', '2606:4700::1111'] : ['127.0.0.1'])
    }
    assert.deepEqual(await ask(lookup, true), [
      { address: '93.184.215.14', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
    assert.equal(asked, 1)
    await assert.rejects(ask(lookup, false), forbidden)
  })

  it('answers with one address when the socket wants one', async () => {
    assert.deepEqual(await ask(answers('93.184.215.14'), false), ['93.184.215.14', 4])
  })

  it('fails for a name without an address instead of leaving the choice to the socket', async () => {
    await assert.rejects(ask(answers(), true), { code: 'ServiceUnavailable' })
  })
})

describe('the dialer', () => {
  it('reaches exactly the hosts that it knows, and the rest goes through the guard', async () => {
    const dialer = (host: string) => (host === 'files.slack.com' ? { host: '127.0.0.1', port } : undefined)
    const connector = createConnector({ connectMs: 1000, dialer, lookup: answers('127.0.0.1') })
    const socket = await open(connector, 'files.slack.com')
    socket.on('error', () => undefined).destroy()
    assert.equal(hits, 1)
    for (const other of ['slack.com', 'a.files.slack.com', 'files.slack.com.example', '127.0.0.1'])
      await assert.rejects(open(connector, other), forbidden, other)
    assert.equal(hits, 1)
  })
})
