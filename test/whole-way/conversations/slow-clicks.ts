import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { peopleOf } from '../../support/messages/people.ts'
import { eventually, tell } from '../../support/platforms/platform.ts'
import { xPlatform } from '../../support/platforms/x.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack } from './stack.ts'

/* Slack takes its time with every answer to a command: who writes on X meanwhile notices nothing. */

const bot = 'fedora-finder'
const slow = 45

const ended = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from replies where key like 'said:%' and state <> 'intended' and state <> 'sending'`.execute(
    stack().db,
  )
  return rows[0]?.count ?? 0
}

test('commands whose answers time out keep no mention on X waiting, and each person is told once', async (context) => {
  const { urls, secrets } = stack()
  const x = xPlatform(stack())
  const askOnX = async (seed: string) => {
    const start = performance.now()
    const id = await x.ask({ pictures: [await hatPicture(seed)] })
    const { outcome } = await finishedMessage(stack(), x.workflowId(id))
    assert.equal(outcome, 'answered')
    return Math.round(performance.now() - start)
  }
  const before = await ended()
  await askOnX('a first one')
  const alone = await askOnX('nothing else')

  const people = peopleOf(urls.slack, { name: bot, userId: secrets.bots[bot]?.slack.botUserId ?? '' })
  for (const method of ['chat.postEphemeral', 'response_url'])
    await tell(`${urls.slack}/_sim/faults`, { method, kind: 'timeout_after_accept', times: slow, ms: 20_000 })
  await Promise.all(
    Array.from({ length: slow }, (_, at) => people.types(`U0SLOW${at}`, '/versions', { channel: `C0SLOW${at}` })),
  )
  const meanwhile = await askOnX('45 slow commands')
  assert((await ended()) - before < slow, 'they were still at it')
  context.diagnostic(`answered in ${alone} ms alone, in ${meanwhile} ms beside ${slow} commands whose answers time out`)

  await eventually(async () => (await ended()) - before === slow || undefined, {
    timeoutMs: 60_000,
    what: 'the end of all',
  })
  const { rows } = await sql`select id from inbound_events where started_at is null and request is not null`.execute(
    stack().db,
  )
  assert.deepEqual(rows, [])
})
