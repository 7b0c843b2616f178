import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { acceptMessage, messageById } from '../../store/messages/messages.ts'
import { countRecordings } from '../../store/rollouts/replays/recordings.ts'
import { testBot } from '../../test/support/bots.ts'
import { messageInSlack } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { recordDecoy } from './record-decoy.ts'

const db = useDatabase()

/** Whether a message becomes a recording. */
async function isRecorded(
  overrides: Parameters<typeof messageInSlack>[0],
  story: 'answer' | 'match' = 'answer',
): Promise<boolean> {
  const name = `bot-${randomUUID().slice(0, 8)}`
  const message = messageInSlack({ bot: name, ...overrides })
  const { id } = await acceptMessage(db(), message, { receivedAt: new Date(), newId: randomUUID(), story })
  const inputs = [{ position: 0, inputSha256: 'a'.repeat(64) }]
  await recordDecoy(db(), await messageById(db(), id), {
    bot: testBot({ name }),
    inputs,
  })
  return (await countRecordings(db(), name, {})) === 1
}

test('what people ask a bot is recorded', async () => {
  assert.equal(await isRecorded({}), true)
  assert.equal(await isRecorded({ intent: 'ask-all' }), true)
})

test('portraits of people who want to be matched, load tests and pictures only to be corrected are not', async () => {
  assert.equal(await isRecorded({}, 'match'), false)
  assert.equal(await isRecorded({ synthetic: true }), false)
  assert.equal(await isRecorded({ intent: 'score-only' }), false)
})
