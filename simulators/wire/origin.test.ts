import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { json } from './exchange.ts'
import { listen, type Listening } from './server.ts'

const open: { server?: Listening; handled: number } = { handled: 0 }
before(async () => {
  const handler = () => {
    open.handled += 1
    return json({ ok: true })
  }
  open.server = await listen(handler, { port: 0 })
})
after(() => open.server?.close())

/** The status of one request with these headers, as a browser sends them. */
function status(method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const url = new URL(path, open.server?.url)
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.once('error', reject)
    sent.end()
  })
}

const port = () => new URL(open.server?.url ?? '').port

test('a page of somebody else gets no control, and nothing is done', async () => {
  const before = open.handled
  for (const origin of [
    'https://evil.example',
    'http://127.0.0.1:1',
    `https://127.0.0.1:${port()}.evil.example`,
    'null',
    'file://',
    '',
  ])
    for (const method of ['GET', 'POST', 'DELETE'])
      assert.equal(await status(method, '/_sim/reset', { origin }), 403, `${method} from ${origin}`)
  assert.equal(open.handled, before)
})

test('a page whose name was made to lead to this machine gets none either', async () => {
  const host = `evil.example:${port()}`
  assert.equal(await status('POST', '/_sim/reset', { host, origin: `http://${host}` }), 403)
})

test('its own page and programs do', async () => {
  for (const name of ['127.0.0.1', 'localhost']) {
    const host = `${name}:${port()}`
    assert.equal(await status('POST', '/_sim/reset', { host, origin: `http://${host}` }), 200)
  }
  assert.equal(await status('POST', '/_sim/reset'), 200)
})

test('what platforms serve to everybody is left as it is', async () => {
  assert.equal(await status('GET', '/api/auth.test', { origin: 'https://evil.example' }), 200)
})
