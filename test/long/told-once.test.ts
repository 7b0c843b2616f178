import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peopleOf, type SeenPost } from '../support/messages/people.ts'
import { eventually, tell } from '../support/platforms/platform.ts'
import { slackPlatform } from '../support/platforms/slack.ts'
import { receipts } from '../support/soak/receipts.ts'
import { hatPicture } from '../whole-way/pictures.ts'
import { finishedMessage, useStack } from '../whole-way/use-stack.ts'

/* What a person is told about a vote, which only they can see: once, whatever the platform or the worker does. */

const bot = 'fedora-finder'
const { stack, temporal } = useStack({ services: ['slack simulator', 'api', 'relay', 'conversations', 'inference'] })

const peopleHere = () => {
  const app = stack().secrets.bots[bot]?.slack ?? assert.fail('the bot is on Slack')
  return peopleOf(stack().urls.slack, { name: bot, userId: app.botUserId })
}

/** Ada asks about a picture in a channel of its own. @returns the visible answer, when nothing more follows by itself. */
async function answerIn(place: string): Promise<SeenPost> {
  const slack = slackPlatform(stack())
  const asked = await slack.ask({ pictures: [await hatPicture(`told in ${place}`)], place })
  const workflowId = slack.workflowId(asked)
  await finishedMessage(stack(), workflowId)
  await temporal().workflow.getHandle(workflowId).result()
  return peopleHere().waits(place, (post) => post.bot === bot && !post.ephemeral)
}

const told = async (place: string, user: string) =>
  (await peopleHere().sees(place)).filter((post) => post.ephemeral && post.user === user)

/** What is recorded of the person's receipt, once it has ended so. */
const receiptEnds = (person: string, state: string) =>
  eventually(async () => (await receipts(stack(), person)).find((receipt) => receipt.state === state), {
    timeoutMs: 60_000,
    what: `a receipt that is ${state}`,
  })

const verdicts = async () => {
  const rows = await stack().db.selectFrom('votes').select(['verdict', 'message_id']).execute()
  return rows.map(({ verdict }) => verdict)
}

const fault = (kind: string, times = 1) =>
  tell(`${stack().urls.slack}/_sim/faults`, { method: 'chat.postEphemeral', kind, times })

test('a receipt that the platform refuses with 429 is sent when it may be, and never ends unconfirmed', async () => {
  const answer = await answerIn('C0LIMITED')
  await fault('rate_limited', 2)
  await peopleHere().chooses('U0LIMITED', 'no-fedora', answer)
  await receiptEnds('U0LIMITED', 'sent')
  assert.equal((await told('C0LIMITED', 'U0LIMITED')).length, 1)
  const retried = await stack().db.selectFrom('replies').select('attempts').where('kind', '=', 'receipt').execute()
  assert.deepEqual(
    retried.map(({ attempts }) => attempts),
    [3],
  )
})

test('a receipt whose call breaks after the platform took it is not repeated: it ends unconfirmed', async () => {
  const answer = await answerIn('C0BROKEN')
  await fault('reset_after_accept')
  await peopleHere().chooses('U0BROKEN', 'no-fedora', answer)
  await receiptEnds('U0BROKEN', 'unconfirmed')
  assert.equal((await told('C0BROKEN', 'U0BROKEN')).length, 1)
})

test('a worker that is killed after it counted a vote, before it told the person, leaves one vote and one receipt', async () => {
  const answer = await answerIn('C0KILLED')
  const before = (await verdicts()).length
  await stack().stop('conversations')
  // The first thing that is posted after the count is the receipt: the worker dies before it writes the intent down.
  await stack().start('conversations', { KILL_AT: 'reply.beforeIntent' })
  await peopleHere().chooses('U0KILLED', 'no-fedora', answer)
  await stack().ended('conversations')
  assert.deepEqual((await verdicts()).slice(before), ['counted'])
  assert.deepEqual(await receipts(stack(), 'U0KILLED'), [])
  assert.equal((await told('C0KILLED', 'U0KILLED')).length, 0)

  await stack().start('conversations')
  await receiptEnds('U0KILLED', 'sent')
  assert.deepEqual((await verdicts()).slice(before), ['counted'])
  const [seen, ...more] = await told('C0KILLED', 'U0KILLED')
  assert.match(seen?.text ?? '', /1 of 2/)
  assert.equal(more.length, 0)
})
