import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { EventEmitter, once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { RefusalCode } from '../../domain/refusals.ts'
import { createDownloader } from './download.ts'
import type { DownloadLimits } from './hops.ts'
import { answer, redirect, startScriptedHost, type Script, type ScriptedHost } from './scripted-host.ts'

const refused = (refusal: RefusalCode) => ({ code: 'InputRefused', refusal })
const unavailable = { code: 'ServiceUnavailable', retryable: true }
const picture = answer(200, { 'content-type': 'image/png' }, Buffer.from([1, 2, 3]))
const slow: Partial<DownloadLimits> = { headersMs: 80, totalMs: 250 }

async function setUp(
  test: TestContext,
  scripts: Readonly<Record<string, Script>>,
  limits: Partial<DownloadLimits> = {},
) {
  const host = await startScriptedHost(test, scripts)
  // Every name that the dialer does not know resolves to this machine, so a hole in the guard would show as a request.
  const downloader = createDownloader({ dialer: host.dialer, limits, lookup: () => Promise.resolve(['127.0.0.1']) })
  test.after(() => downloader.close())
  const headers = { authorization: 'Bearer xoxb-test', cookie: 'd=secret' }
  const get = (url: string, announcedBytes?: number) =>
    downloader.download(
      { url, headers, ...(announcedBytes !== undefined && { announcedBytes }) },
      { allowHosts: 'public' },
    )
  return { host, get }
}

async function settled(host: ScriptedHost): Promise<number> {
  for (let tries = 0; tries < 100 && (await host.connections()) > 0; tries += 1) await delay(10)
  return host.connections()
}

describe('a redirect', () => {
  it('is followed twice, and a third time not', async (test) => {
    const { get } = await setUp(test, {
      '/0': redirect('/1', 301),
      '/1': redirect('https://pictures.example/2', 307),
      '/2': redirect('/3', 308),
      '/3': picture,
    })
    assert.equal((await get('https://pictures.example/1')).byteLength, 3)
    await assert.rejects(get('https://pictures.example/0'), refused('forbidden-address'))
  })

  it('keeps the headers on the same host and loses all of them, for good, on another', async (test) => {
    const { host, get } = await setUp(test, {
      '/same': redirect('https://pictures.example/picture'),
      '/other': redirect('https://pbs.twimg.com/back'),
      '/back': redirect('https://pictures.example/picture'),
      '/picture': picture,
    })
    await get('https://pictures.example/same')
    await get('https://pictures.example/other')
    assert.deepEqual(
      host.seen.map(({ path, authorization }) => [path, authorization !== undefined]),
      [
        ['/same', true],
        ['/picture', true],
        ['/other', true],
        ['/back', false],
        ['/picture', false],
      ],
    )
  })

  it('to a private address in any spelling is refused before anything is sent there', async (test) => {
    const canary = createServer(() => assert.fail('the canary was reached')).listen(0, '127.0.0.1')
    await once(canary, 'listening')
    test.after(() => canary.close())
    const { port } = canary.address() as AddressInfo
    const targets = [
      `http://127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://2130706433:${port}/`,
      'https://127.1/',
      `https://localhost:${port}/`,
      'https://0x7f.1/',
      'https://[::1]/',
      'https://[::ffff:7f00:1]/',
      'https://169.254.169.254/',
      'https://rebound.example/',
      'https://me:you@pictures.example/',
      'file:///etc/hostname',
      'gopher://pictures.example/',
      '//127.0.0.1/',
      'https://',
      `http://pictures.example/`,
      'data:image/png;base64,AAAA',
    ]
    const scripts = Object.fromEntries(targets.map((target, index) => [`/${index}`, redirect(target)]))
    const { host, get } = await setUp(test, scripts)
    for (const index of targets.keys())
      await assert.rejects(get(`https://pictures.example/${index}`), refused('forbidden-address'), targets[index])
    assert.equal(host.seen.length, targets.length)
  })

  it('from Slack’s file host to a sign-in page means that the bot may not read the file', async (test) => {
    const { host, get } = await setUp(test, {
      '/a': redirect('https://team.slack.com/?redir=%2Ffiles-pri%2Fa'),
      '/b': redirect('https://slack.com/signin'),
      '/c': redirect('https://127.0.0.1/'),
    })
    await assert.rejects(get('https://files.slack.com/a'), refused('login-page'))
    await assert.rejects(get('https://files.slack.com/b'), refused('login-page'))
    await assert.rejects(get('https://files.slack.com/c'), refused('forbidden-address'))
    assert.equal(host.seen.length, 3)
  })

  it('without a target, or with an endless body, is no way to hold the downloader', async (test) => {
    const closed = new EventEmitter()
    const { get } = await setUp(test, {
      '/nowhere': answer(302),
      '/endless': (_request, response) => {
        response.writeHead(302, { location: '/picture' }).write('x'.repeat(200_000))
        response.on('close', () => closed.emit('endless'))
      },
      '/picture': picture,
    })
    await assert.rejects(get('https://pictures.example/nowhere'), refused('gone'))
    const dropped = once(closed, 'endless', { signal: AbortSignal.timeout(2000) })
    assert.equal((await get('https://pictures.example/endless')).byteLength, 3)
    await dropped
  })
})

describe('a host that keeps sending', () => {
  it('is cut off at the cap, announced or not, and its connection is closed', async (test) => {
    let sent = 0
    const { host, get } = await setUp(test, {
      '/announced': answer(200, { 'content-length': `${50 * 1024 * 1024}` }),
      '/endless': (_request, response) => {
        const chunk = Buffer.alloc(256 * 1024, 1)
        const more = () => {
          while (!response.destroyed && response.write(chunk)) sent += chunk.length
        }
        response.writeHead(200).on('drain', more)
        more()
      },
    })
    await assert.rejects(get('https://pictures.example/announced'), refused('too-large'))
    await assert.rejects(get('https://pictures.example/endless'), refused('too-large'))
    assert.equal(await settled(host), 0)
    assert.ok(sent < 40 * 1024 * 1024, `${sent} bytes were sent before the connection was closed`)
  })

  it('is not even asked when the platform announced too much', async (test) => {
    const { host, get } = await setUp(test, {})
    await assert.rejects(get('https://pictures.example/a', 10 * 1024 * 1024 + 1), refused('too-large'))
    assert.equal(host.seen.length, 0)
  })

  it('may send exactly the cap', async (test) => {
    const whole = answer(200, {}, Buffer.alloc(1000))
    const { get } = await setUp(test, { '/a': whole, '/b': answer(200, {}, Buffer.alloc(1001)) }, { maxBytes: 1000 })
    assert.equal((await get('https://pictures.example/a')).byteLength, 1000)
    await assert.rejects(get('https://pictures.example/b'), refused('too-large'))
  })
})

describe('a host that keeps waiting', () => {
  it('loses the connection when no headers come', async (test) => {
    const { host, get } = await setUp(test, { '/a': () => undefined }, slow)
    const start = performance.now()
    await assert.rejects(get('https://pictures.example/a'), unavailable)
    assert.ok(performance.now() - start < 240)
    assert.equal(await settled(host), 0)
  })

  it('loses the connection when the body drips past the total time', async (test) => {
    const { host, get } = await setUp(
      test,
      {
        '/a': (_request, response) => {
          response.writeHead(200)
          const drip = setInterval(() => response.write('x'), 20)
          response.on('close', () => clearInterval(drip))
        },
      },
      slow,
    )
    await assert.rejects(get('https://pictures.example/a'), unavailable)
    assert.equal(await settled(host), 0)
  })

  it('does not stop the downloads after it', async (test) => {
    const { get } = await setUp(test, { '/stuck': () => undefined, '/picture': picture }, slow)
    const stuck = Promise.allSettled(Array.from({ length: 20 }, () => get('https://pictures.example/stuck')))
    assert.equal((await get('https://pictures.example/picture')).byteLength, 3)
    assert.ok((await stuck).every(({ status }) => status === 'rejected'))
  })
})
