import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bots } from '../../../api/contract/bots.ts'
import { messagesFound, retried } from '../../../api/contract/messages.ts'
import { answerWorkflowId } from '../../../domain/keys.ts'
import { eventually } from '../../support/platforms/platform.ts'
import { isSettledAs, operatorOf } from '../operator.ts'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack, temporal } from './stack.ts'

/* The operator API on the whole product: whoever sits at the machine asks, corrects, pauses and tries again. */

const bot = 'fedora-finder'
const operator = () => operatorOf(stack())

const isAnswered = ({ outcome }: { readonly outcome: string | null }) => outcome === 'answered'

/** The one that there is. */
function only<T>(list: readonly T[]): T {
  assert.equal(list.length, 1)
  return list[0] ?? assert.fail('it is there')
}

/** Asks over HTTP about a drawn person with a hat, and waits for the answer. */
async function answeredQuestion(seed: string) {
  const { ask, messageWhen } = operator()
  const { id, workflowId } = await ask(bot, { pictures: [await hatPicture(seed)] })
  return { asked: id, workflowId, message: await messageWhen(id, isAnswered, `the answer to ${seed}`) }
}

const isPaused = async (): Promise<boolean | undefined> => {
  const { body } = await operator().get('/api/bots')
  return bots.parse(body).bots.some(({ name, paused }) => name === bot && paused !== null)
}

test('a question over HTTP is answered, and its record tells the score, the choice and the reply', async () => {
  const { asked, workflowId, message } = await answeredQuestion('operator asks')
  assert.equal(workflowId, answerWorkflowId(bot, 'http', `${bot}.${asked}`))
  assert.equal(message.workflowId, workflowId)
  assert.equal(message.channel, 'http')
  const input = only(message.inputs)
  assert.deepEqual(
    input.scores.map(({ version, stage, label, error }) => ({ version, stage, label, error })),
    [{ version: 1, stage: 'live', label: 'fedora', error: null }],
  )
  assert.equal(input.choice?.label, 'fedora')
  const reply = only(message.replies)
  assert.equal(reply.state, 'sent')
  assert.match(reply.text, /^fedora: \d{1,2} % likely$/)

  const { body } = await operator().get(`/api/find?q=${encodeURIComponent(workflowId)}`)
  assert.deepEqual(
    messagesFound.parse(body).messages.map(({ id }) => id),
    [message.id],
  )
})

test('a vote over the API is counted, and that of an administrator settles the answer', async () => {
  const { asked, message } = await answeredQuestion('operator corrects')
  const { prediction } = only(message.inputs)
  const cast = await operator().post('/api/corrections', { prediction, label: 'no-fedora' })
  assert.equal(cast.status, 202)
  const settled = await operator().messageWhen(asked, isSettledAs('accepted'), 'the counted vote')
  const { correction } = only(settled.inputs)
  assert.deepEqual([correction?.label, correction?.decidedBy], ['no-fedora', 'reviewer'])
  assert.deepEqual(
    correction?.votes.map(({ label, via, reviewer, verdict }) => ({ label, via, reviewer, verdict })),
    [{ label: 'no-fedora', via: 'api', reviewer: true, verdict: 'counted' }],
  )
})

test('what arrives while a bot is paused is kept and not started, and is answered when it goes on', async (context) => {
  const { ask, post, message, messageWhen } = operator()
  // A test that fails in between leaves no paused bot to the others.
  context.after(() => post(`/api/bots/${bot}/resume`))
  assert.equal((await post(`/api/bots/${bot}/pause`)).status, 200)
  assert.equal(await isPaused(), true)
  const { id, workflowId } = await ask(bot, { pictures: [await hatPicture('operator pauses')] })
  // Of another bot it is answered meanwhile, so the relay has passed by.
  const other = await ask('team-router', { text: 'who looks after the date picker?' })
  await messageWhen(other.id, isAnswered, 'the answer of the bot that goes on')
  assert.equal((await message(id)).outcome, null)
  await assert.rejects(temporal().workflow.getHandle(workflowId).describe(), /not found/i)

  const resumed = await post(`/api/bots/${bot}/resume`, {})
  assert.deepEqual(resumed.body, { bot, paused: false, waited: 1 })
  assert.equal(await isPaused(), false)
  const answered = await messageWhen(id, isAnswered, 'the answer after the pause')
  assert.equal(only(answered.replies).state, 'sent')
})

test('a message whose workflow was terminated is answered once when it is tried again, and then there is nothing to do', async () => {
  const { ask, message, messageWhen, post } = operator()
  await stack().stop('inference')
  const { id, workflowId } = await ask(bot, { pictures: [await hatPicture('operator tries again')] })
  const handle = temporal().workflow.getHandle(workflowId)
  const isRunning = () =>
    handle.describe().then(
      ({ status }) => status.name === 'RUNNING' || undefined,
      () => undefined,
    )
  await eventually(isRunning, { timeoutMs: 30_000, what: 'the workflow that waits for a score' })
  const lost = await messageWhen(id, ({ inputs }) => inputs.length > 0, 'the prepared picture')
  await handle.terminate('an operator ends it')
  await stack().start('inference')
  assert.equal((await message(id)).outcome, null)

  const again = await post(`/api/messages/${lost.id}/retry`)
  assert.equal(again.status, 200)
  const started = retried.parse(again.body)
  assert.deepEqual([started.id, started.workflowId], [lost.id, workflowId])
  const { outcome } = await finishedMessage(stack(), workflowId)
  assert.equal(outcome, 'answered')
  assert.equal(only((await message(id)).replies).state, 'sent')
  assert.equal((await post(`/api/messages/${lost.id}/retry`)).status, 409)
})
