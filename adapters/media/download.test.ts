import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { RefusalCode } from '../../domain/refusals.ts'
import type { Lookup } from './connector.ts'
import { createDownloader, simulatorDialer } from './download.ts'
import type { AllowedHosts, DownloadLimits } from './hops.ts'
import { retryAfterMs } from './picture-response.ts'
import { answer, startScriptedHost, type Script } from './scripted-host.ts'

const refused = (refusal: RefusalCode) => ({ code: 'InputRefused', refusal })
const unavailable = { code: 'ServiceUnavailable', retryable: true }
const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4])
const token = { authorization: 'Bearer xoxb-test' }

async function setUp(
  test: TestContext,
  script: Script,
  options: {
    readonly limits?: Partial<DownloadLimits>
    readonly allowHosts?: AllowedHosts
    readonly lookup?: Lookup
  } = {},
) {
  const host = await startScriptedHost(test, { '/a.png': script })
  const downloader = createDownloader({ dialer: host.dialer, ...options })
  test.after(() => downloader.close())
  const allowHosts = options.allowHosts ?? 'public'
  const get = (url = 'https://files.slack.com/a.png', more: { announcedBytes?: number; signal?: AbortSignal } = {}) => {
    const { signal, ...rest } = more
    return downloader.download({ url, headers: token, ...rest }, { allowHosts, ...(signal && { signal }) })
  }
  return { host, get, downloader }
}

describe('a download', () => {
  it('brings the bytes, presenting the headers to the host that was named', async (test) => {
    const { host, get } = await setUp(test, answer(200, { 'content-type': 'image/png' }, picture))
    assert.deepEqual(Buffer.from(await get(undefined, { announcedBytes: picture.length })), picture)
    assert.deepEqual(host.seen, [{ host: 'files.slack.com', path: '/a.png', authorization: 'Bearer xoxb-test' }])
  })

  it('judges every status by whether asking again may help', async (test) => {
    const statuses: readonly (readonly [number, object])[] = [
      [401, refused('login-page')],
      [403, refused('login-page')],
      [404, refused('gone')],
      [410, refused('gone')],
      [400, refused('gone')],
      [204, refused('gone')],
      [408, unavailable],
      [429, unavailable],
      [500, unavailable],
      [503, unavailable],
    ]
    for (const [status, error] of statuses) {
      const { get } = await setUp(test, answer(status))
      await assert.rejects(get(), error, `${status}`)
    }
  })

  it('hands on how long the host asked to wait', async (test) => {
    const { get } = await setUp(test, answer(429, { 'retry-after': '7' }))
    await assert.rejects(get(), { ...unavailable, retryAfterMs: 7000 })
    const now = Date.parse('2026-01-01T00:00:00Z')
    assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now), 30_000)
    assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 0)
    for (const text of ['soon', '', '-1e', undefined]) assert.equal(retryAfterMs(text, now), undefined)
  })

  it('knows a web page by its type and by its first bytes', async (test) => {
    const pages: readonly Script[] = [
      answer(200, { 'content-type': 'text/html; charset=utf-8' }, picture),
      answer(200, { 'content-type': 'image/png' }, '<!DOCTYPE html><html>'),
      answer(200, { 'content-type': 'image/png' }, '\n  <HTML lang="en">'),
      answer(200, {}, '\uFEFF<!-- saved -->\n<!doctype html>'),
    ]
    for (const page of pages) {
      const { get } = await setUp(test, page)
      await assert.rejects(get(), refused('login-page'))
    }
  })

  it('leaves a drawing with a document type to the decoder', async (test) => {
    const { get } = await setUp(test, answer(200, {}, '<!DOCTYPE svg PUBLIC "x"><svg/>'))
    assert.equal((await get()).byteLength, 31)
  })

  it('refuses a compressed body, whatever is in it', async (test) => {
    const { get } = await setUp(test, answer(200, { 'content-encoding': 'gzip' }, picture))
    await assert.rejects(get(), refused('unreadable'))
    const plain = await setUp(test, answer(200, { 'content-encoding': 'identity' }, picture))
    assert.equal((await plain.get()).byteLength, picture.length)
  })

  it('asks again when fewer bytes came than the platform or the host announced', async (test) => {
    const { get } = await setUp(test, answer(200, {}, picture))
    await assert.rejects(get(undefined, { announcedBytes: picture.length + 1 }), unavailable)
    const cut = await setUp(test, (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write(picture)
      setImmediate(() => response.destroy())
    })
    await assert.rejects(cut.get(), unavailable)
  })

  it('fetches only from the listed hosts when there is a list', async (test) => {
    const { host, get } = await setUp(test, answer(200, {}, picture), { allowHosts: ['*.slack.com', 'pbs.twimg.com'] })
    await get()
    await get('https://pbs.twimg.com/a.png')
    await assert.rejects(get('https://pictures.example/a.png'), refused('forbidden-address'))
    assert.equal(host.seen.length, 2)
  })

  it('tells a name that does not exist from a resolver that cannot answer now', async (test) => {
    const failing = (code: string) => () =>
      Promise.reject(Object.assign(new Error('getaddrinfo typed.example'), { code }))
    const missing = await setUp(test, answer(200), { lookup: failing('ENOTFOUND') })
    await assert.rejects(missing.get('https://typed.example/a.png'), refused('gone'))
    const later = await setUp(test, answer(200), { lookup: failing('EAI_AGAIN') })
    await assert.rejects(later.get('https://typed.example/a.png'), (error: Error) => {
      assert.equal('code' in error && error.code, 'ServiceUnavailable')
      assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /typed\.example/)
      return true
    })
  })

  it('asks again when nobody listens', async (test) => {
    const downloader = createDownloader({ dialer: () => ({ host: '127.0.0.1', port: 1 }) })
    test.after(() => downloader.close())
    await assert.rejects(
      downloader.download({ url: 'https://files.slack.com/a.png', headers: {} }, { allowHosts: 'public' }),
      unavailable,
    )
  })

  it('ends with the caller’s own reason when the caller gives up', async (test) => {
    const { get } = await setUp(test, () => undefined)
    const reason = new Error('cancelled')
    const giveUp = new AbortController()
    setTimeout(() => giveUp.abort(reason), 30)
    await assert.rejects(get(undefined, { signal: giveUp.signal }), reason)
    await assert.rejects(get(undefined, { signal: AbortSignal.abort(reason) }), reason)
  })
})

describe('simulatorDialer', () => {
  it('names exactly the file hosts of the simulators that run, and the host of typed links', () => {
    const both = simulatorDialer({ slackUrl: 'http://127.0.0.1:8081', xUrl: 'http://localhost:8082' })
    assert.deepEqual(both('files.slack.com'), { host: '127.0.0.1', port: 8081 })
    assert.deepEqual(both('pbs.twimg.com'), { host: 'localhost', port: 8082 })
    assert.deepEqual(both('ton.twitter.com'), { host: 'localhost', port: 8082 })
    assert.deepEqual(both('pictures.example'), { host: '127.0.0.1', port: 8081 })
    for (const host of ['slack.com', 'example.com', '127.0.0.1', '', 'constructor']) assert.equal(both(host), undefined)
    const onlyX = simulatorDialer({ xUrl: 'http://[::1]:8082' })
    assert.deepEqual(onlyX('pictures.example'), { host: '::1', port: 8082 })
    assert.equal(onlyX('files.slack.com'), undefined)
  })

  it('takes no address of another machine', () => {
    for (const slackUrl of ['http://10.0.0.1:8081', 'http://pictures.example', 'https://127.0.0.1:8081'])
      assert.throws(() => simulatorDialer({ slackUrl }), TypeError)
  })
})
