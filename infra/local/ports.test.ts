import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { freePort } from './ports.ts'

/** A server on a port that the system chose; it listens until the test ends. */
async function listen(context: TestContext) {
  const server = createServer()
  context.after(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { server, port: address.port }
}

test('a free port is given as it was asked for', async (context) => {
  const { server, port } = await listen(context)
  await new Promise((resolve) => server.close(resolve))
  assert.equal(await freePort(port), port)
})

test('a taken port gives the next free one', async (context) => {
  const { port: taken } = await listen(context)
  const port = await freePort(taken)
  assert.ok(port > taken && port < taken + 200)
})

test('no port is given twice, asked for at the same time or not', async () => {
  const first = await freePort(0)
  const others = await Promise.all([freePort(first), freePort(first), freePort(first)])
  assert.equal(new Set([first, ...others]).size, 4)
})

test('at the end of all ports any other will do', async (context) => {
  const server = createServer()
  context.after(() => server.close())
  await new Promise<void>((resolve) => server.once('error', () => resolve()).listen(65_535, '127.0.0.1', resolve))
  const port = await freePort(65_535)
  assert.ok(port > 1023 && port < 65_535)
})
