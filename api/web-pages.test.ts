import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fastify from 'fastify'
import { webPages } from './web-pages.ts'

test('every page of the dashboard can be opened by its address', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'index.html'), 'the document')
  const app = fastify()
  context.after(() => app.close())
  await app.register(webPages(folder))

  const source = await readFile(new URL('../web/app.tsx', import.meta.url), 'utf8')
  const routes = [...source.matchAll(/(?:path=|\[)["'](\/[^"']*)["']/g)].map(([, path = '']) => path)
  assert.ok(routes.length > 10, `${routes.length} routes are found in web/app.tsx`)
  for (const route of routes) {
    const url = route.replaceAll(/:\w+/g, '1')
    const { statusCode, body } = await app.inject({ url })
    assert.deepEqual([url, statusCode, body], [url, 200, 'the document'])
  }
  assert.equal((await app.inject({ url: '/no-page' })).statusCode, 404)
})

test('files named by their digest are kept for ever, the document is asked for again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), 'the document')
  await writeFile(join(folder, 'assets', 'main-3f2a.js'), 'a script')
  const app = fastify()
  context.after(() => app.close())
  await app.register(webPages(folder))

  const keptFor = async (url: string) => (await app.inject({ url })).headers['cache-control']
  assert.equal(await keptFor('/assets/main-3f2a.js'), 'public, max-age=31536000, immutable')
  assert.equal(await keptFor('/models'), 'no-cache')
})
