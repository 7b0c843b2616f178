import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { InboundVote } from '../../domain/inbound.ts'
import { answered, bot, cast, choiceOf, messageInSlack, voteBy } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { saveChoices } from '../messages/choices.ts'
import { deleteMessage } from '../messages/deletions.ts'
import { acceptMessage } from '../messages/messages.ts'
import { openQuestion } from './questions.ts'
import { acceptVote, overdueVotes, voteOnMessage, votesWaitingFor } from './votes.ts'

const db = useDatabase()

const accept = (vote: InboundVote) => acceptVote(db(), vote, { newId: randomUUID(), receivedAt: new Date() })
const predictionBy = async (vote: InboundVote) => {
  const accepted = await accept(vote)
  return accepted.kind === 'vote' ? accepted.prediction : accepted.kind
}

test('a vote finds its answer by prediction, visible reply, own message, thread, and as the latest one to the person', async () => {
  await answered(db())
  const { id, prediction, message, replyTs } = await answered(db())
  const threadTs = message.address.kind === 'slack-thread' ? message.address.threadTs : ''
  const targets: readonly InboundVote['target'][] = [
    { kind: 'prediction', messageId: id, position: 0 },
    { kind: 'reply', replyId: replyTs, place: 'C1' },
    { kind: 'reply', replyId: threadTs, place: 'C1' },
    { kind: 'thread', place: 'C1', threadTs },
    { kind: 'latest', place: 'C1' },
  ]
  for (const target of targets)
    assert.equal(await predictionBy(voteBy('U0ASKER', { target, label: 'no-fedora' })), prediction, target.kind)
})

test('the answer to a command is the root of the thread below it', async () => {
  const address = { kind: 'slack-channel', team: 'T1', channelId: 'C1' } as const
  const { prediction, replyTs } = await answered(db(), { message: { address } })
  const target = { kind: 'thread', place: 'C1', threadTs: replyTs } as const
  assert.equal(await predictionBy(voteBy('U1', { target, label: 'no-fedora' })), prediction)
})

test('an answer that is not there, of another place, bot or workspace, or taken back, is unknown', async () => {
  const { id, replyTs, message } = await answered(db())
  const target = { kind: 'prediction', messageId: id, position: 0 } as const
  const strangers: readonly InboundVote[] = [
    voteBy('U1', { target: { ...target, position: 1 } }),
    voteBy('U1', { target: { ...target, messageId: randomUUID() } }),
    voteBy('U1', { target: { kind: 'reply', replyId: replyTs, place: 'C2' } }),
    voteBy('U1', { target: { kind: 'reply', replyId: '1.000001', place: 'C1' } }),
    voteBy('U-NEVER-ASKED', { target: { kind: 'latest', place: 'C1' } }),
    voteBy('U1', { target, bot: 'after-dark' }),
    voteBy('U1', { target, address: { kind: 'slack-channel', team: 'T2', channelId: 'C1' } }),
    voteBy('U1', { target, channel: 'x', address: { kind: 'x-post', accountId: '1', postId: '2' } }),
  ]
  for (const vote of strangers) assert.equal(await predictionBy(vote), 'unknown-answer')
  await deleteMessage(db(), { bot, channel: 'slack', businessKey: 'gone', of: message.businessKey })
  assert.equal(await predictionBy(voteBy('U1', { target })), 'unknown-answer')
  const rows = await db().selectFrom('votes').selectAll().where('message_id', '=', id).execute()
  assert.equal(rows.length, 0)
})

test('people who are asked in Slack about an answer on X may vote on it', async () => {
  const address = { kind: 'x-post', accountId: '1', postId: '5' } as const
  const { id, ref, prediction } = await answered(db(), { message: { channel: 'x', address } })
  const vote = () => voteBy('U1', { target: { kind: 'prediction', messageId: id, position: 0 } })
  assert.equal(await predictionBy(vote()), 'unknown-answer')
  await openQuestion(db(), { ...ref, bot, reason: 'unsure', channelId: 'C9' }, { capPerDay: 5 })
  assert.equal(await predictionBy(vote()), prediction)
})

test('of an answer with several pictures the vote is about the only one that it contradicts', async () => {
  const { id, replyTs } = await answered(db(), { labels: ['fedora', 'no-fedora', 'fedora'] })
  const target = { kind: 'reply', replyId: replyTs, place: 'C1' } as const
  assert.equal(await predictionBy(voteBy('U1', { target, label: 'fedora' })), `${id}_1`)
  assert.equal(await predictionBy(voteBy('U1', { target, label: 'no-fedora' })), 'unknown-answer')
})

test('a redelivered vote stays one, and stays with what it was about', async () => {
  const first = await answered(db(), { message: { authorId: 'U7' } })
  const vote = voteBy('U7', { target: { kind: 'latest', place: 'C1' }, label: 'no-fedora' })
  const accepted = await cast(db(), vote)
  await answered(db(), { message: { authorId: 'U7' } })
  assert.deepEqual(await cast(db(), vote), accepted)
  assert.equal(accepted.prediction, first.prediction)
})

test('two deliveries of a vote at once make one row', async () => {
  const { id } = await answered(db())
  const vote = voteBy('U1', { target: { kind: 'prediction', messageId: id, position: 0 }, label: 'no-fedora' })
  const [one, other] = await Promise.all([cast(db(), vote), cast(db(), vote)])
  assert.equal(one.voteId, other.voteId)
})

test('a vote on a picture that nobody asked about waits until it is scored', async () => {
  const target = { kind: 'picture', subject: { kind: 'link', url: 'https://pictures.example/1.png' } } as const
  const vote = voteBy('U1', { target, label: 'no-fedora' })
  assert.equal((await accept(vote)).kind, 'score-first')
  const message = messageInSlack({ intent: 'score-only' })
  const { id } = await acceptMessage(db(), message, { receivedAt: new Date(), newId: randomUUID() })
  const options = { id, receivedAt: new Date(Date.now() - 60_000) }
  await voteOnMessage(db(), vote, { ...options, newId: randomUUID() })
  await voteOnMessage(db(), vote, { ...options, newId: randomUUID() })
  assert.deepEqual(await votesWaitingFor(db(), id), [])
  await saveChoices(db(), id, [{ position: 0, choice: choiceOf('fedora'), unsure: false }])
  const [waiting, ...others] = await votesWaitingFor(db(), id)
  assert.deepEqual([waiting?.prediction, others], [id, []])
  const overdue = await overdueVotes(db(), { olderThanMs: 30_000, limit: 10 })
  assert.deepEqual(overdue, [waiting])
  assert.equal((await accept(vote)).kind, 'score-first')
})
