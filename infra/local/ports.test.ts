import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort, portGiver } from './ports.ts'

test('a taken port gives the next free one', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const port = await freePort(address.port)
  assert.ok(port > address.port && port < address.port + 200)
  server.close()
})

test('a giver never gives one port twice', async () => {
  const give = portGiver()
  const first = await give(0)
  assert.notEqual(await give(first), first)
})
