import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slackInTest } from '../test-workspace.ts'
import { fetchAs } from './fetch-as.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

void test('a file is served to the right token only; anybody else is sent to a login page that answers 200', async (context) => {
  const { say, webhook, simulator } = await slackInTest(context)
  await say('look', { channel: 'D1', files: [{ name: 'a hat.png', base64: png }], wait: true })
  const { event } = JSON.parse(webhook.received[0]?.body.toString() ?? '') as {
    event: {
      subtype: string
      files: { url_private_download: string; mimetype: string; size: number; thumb_360: string }[]
    }
  }
  assert.equal(event.subtype, 'file_share')
  const [file] = event.files
  assert.ok(file)
  assert.match(
    file.url_private_download,
    /^https:\/\/files\.slack\.com\/files-pri\/T0TEAM-F\w{10}\/download\/a_hat\.png$/,
  )
  assert.equal(file.mimetype, 'image/png')
  const right = await fetchAs(simulator.url, file.url_private_download, 'xoxb-of-the-test')
  assert.deepEqual([right.status, right.body.toString('base64')], [200, png])
  assert.equal(right.body.length, file.size)
  for (const token of [undefined, 'xoxb-wrong']) {
    const refused = await fetchAs(simulator.url, file.url_private_download, token)
    assert.equal(refused.status, 302)
    const page = await fetchAs(simulator.url, refused.location ?? '')
    assert.equal(page.status, 200)
    assert.match(page.body.toString(), /^<!DOCTYPE html>/)
  }
  const thumb = await fetchAs(simulator.url, file.thumb_360, 'xoxb-of-the-test')
  assert.equal(thumb.type, 'image/png')
})

void test('files can be forbidden, gone, of another workspace, or not scanned yet', async (context) => {
  const { say, client, call, webhook, simulator } = await slackInTest(context)
  const files = [
    { name: 'a.png', base64: png, scope: 'missing' },
    { name: 'b.png', base64: png, stub: true },
    { name: 'c.png', base64: png, mimetype: '' },
  ]
  const { json } = await say('look', { channel: 'D1', files, wait: true })
  const [forbidden = '', stub = '', unscanned = ''] = json['files'] as string[]
  const { event } = JSON.parse(webhook.received[0]?.body.toString() ?? '') as {
    event: { files: Record<string, unknown>[] }
  }
  assert.deepEqual(
    event.files.map((file) => [file['mimetype'], file['file_access']]),
    [
      ['image/png', 'visible'],
      [undefined, 'check_file_info'],
      ['', 'visible'],
    ],
  )
  await assert.rejects(client.files.info({ file: forbidden }), /missing_scope/)
  const shown = await client.files.info({ file: stub })
  assert.equal(shown.file?.mimetype, 'image/png')
  assert.equal((await client.files.info({ file: unscanned })).file?.mimetype, 'image/png')
  const url = shown.file.url_private_download ?? ''
  assert.equal((await fetchAs(simulator.url, url, 'xoxb-of-the-test')).status, 200)
  await call('POST /_sim/files', { id: stub, gone: true })
  assert.equal((await fetchAs(simulator.url, url, 'xoxb-of-the-test')).status, 404)
  await assert.rejects(client.files.info({ file: stub }), /file_deleted/)
})

void test('pictures.example serves whatever was put there, hostile things too', async (context) => {
  const { call, simulator } = await slackInTest(context)
  const put = (picture: Readonly<Record<string, unknown>>) => call('POST /_sim/pictures', picture)
  await put({ path: '/a.png', base64: png })
  await put({ path: '/big.png', base64: png, bytes: 5_000_000 })
  await put({ path: '/endless.png', bytes: 300_000, chunked: true })
  await put({ path: '/away', redirectTo: 'http://127.0.0.1/secret' })
  await put({ path: '/login', html: true })
  await put({ path: '/gone', status: 410 })
  const get = (path: string) => fetchAs(simulator.url, `https://pictures.example${path}`)
  assert.equal((await get('/a.png')).body.toString('base64'), png)
  const big = await get('/big.png')
  assert.deepEqual([big.length, big.body.length], ['5000000', 5_000_000])
  const endless = await get('/endless.png')
  assert.deepEqual([endless.length, endless.body.length], [undefined, 300_000])
  assert.equal((await get('/away')).location, 'http://127.0.0.1/secret')
  assert.match((await get('/login')).type ?? '', /html/)
  assert.equal((await get('/gone')).status, 410)
  assert.equal((await get('/nowhere')).status, 404)
})
