import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, scriptedServer } from '../../test/support/scripted-server.ts'
import { tellByWebhook } from './webhook.ts'

test('the text arrives as JSON; anything but 2xx is an error, so that it is told again', async (context) => {
  const server = await scriptedServer(context)
  server.act(answer(200, {}))
  await tellByWebhook(`${server.url}/hook`, 'the queue stands')
  server.act(answer(500, {}))
  await assert.rejects(tellByWebhook(`${server.url}/hook`, 'the queue stands'), { code: 'ServiceUnavailable' })
  assert.deepEqual(server.arrived[0]?.body, '{"text":"the queue stands"}')
  await assert.rejects(tellByWebhook('http://127.0.0.1:1/hook', 'nobody listens'), { code: 'ServiceUnavailable' })
})
