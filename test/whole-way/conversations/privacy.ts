import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { platformsOf } from '../../support/platforms/both.ts'
import type { SimulatedPlatform } from '../../support/platforms/platform.ts'
import { asPicture, hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

const words = 'my canary sings the blues'
const fileName = 'canary-in-a-hat.png'
const people = { slack: 'U0CANARY', x: 'wanda_canary' } as const

/** Every text in a value, bytes read as text. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')]
  return typeof value === 'object' && value !== null
    ? [...Object.keys(value), ...Object.values(value).flatMap(textsIn)]
    : []
}

/** Both outcomes that say something: an answered picture, and a file that is none, with a failed call on the way. */
async function askOn(place: SimulatedPlatform): Promise<readonly string[]> {
  const who = people[place.channel]
  const extra = place.channel === 'slack' ? { user: who } : { author: who }
  await place.faults({ kind: 'rate_limited', times: 1, retryAfter: 1 })
  const pictures = [{ ...(await hatPicture('privacy')), name: fileName }, asPicture('canary.png', Buffer.from(words))]
  const asked = pictures.map((picture) => place.ask({ text: words, pictures: [picture], extra }))
  return (await Promise.all(asked)).map(place.workflowId)
}

/** What must stay in PostgreSQL or in the configuration, by what it is. */
async function forbidden(): Promise<ReadonlyMap<string, string>> {
  const known = await stack().db.selectFrom('people').select(['channel', 'platform_user_id as id']).execute()
  assert(known.length >= 2)
  const { slack, x } = stack().secrets.bots['fedora-finder'] ?? assert.fail('the bot has secrets')
  return new Map([
    ['the words of a person', words],
    ['the name of a file', fileName],
    ['a handle', people.x],
    ...known.map(({ channel, id }) => [`the user id of a person on ${channel}`, id] as const),
    ['a signing secret of Slack', slack.signingSecret],
    ['a token of Slack', slack.botToken],
    ['a consumer key of X', x.consumerKey],
    ['a consumer secret of X', x.consumerSecret],
    ['an access token of X', x.accessToken],
    ['a token secret of X', x.accessTokenSecret],
    ['the administrator’s token', stack().secrets.adminToken],
  ])
}

async function assertNone(where: string, text: string): Promise<void> {
  for (const [what, value] of await forbidden()) assert(!text.includes(value), `${what} is in ${where}`)
}

test('histories, ids, search attributes and logs tell no words, no people and no secrets', async () => {
  const asked = (await Promise.all(platformsOf(stack()).map(askOn))).flat()
  for (const workflowId of asked) {
    const { id, outcome } = await finishedMessage(stack(), workflowId)
    const handle = temporal().workflow.getHandle(workflowId)
    await handle.result()
    const history = textsIn(await handle.fetchHistory()).join('\n')
    // Payloads are read, or finding nothing in them would mean nothing.
    assert(history.includes(id) && history.includes(outcome))
    await assertNone(`the history of ${workflowId}`, history)
    await assertNone('what is known of a workflow', textsIn((await handle.describe()).raw).join('\n'))
  }

  const folder = dirname(stack().blobsFolder)
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  for (const name of ['api.log', 'relay+conversations.log', 'inference.log']) assert(logs.includes(name))
  for (const name of logs) await assertNone(name, await readFile(join(folder, name), 'utf8'))
})

test('the search for what must not be told finds it where it may be', async () => {
  const rows = await stack().db.selectFrom('messages').selectAll().execute()
  await assert.rejects(assertNone('the table of messages', JSON.stringify(rows)), /the words of a person/)
  await assert.rejects(assertNone('an object with bytes', textsIn({ at: [Buffer.from(words)] }).join()), /the words/)
})
