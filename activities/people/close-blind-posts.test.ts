import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { SendFailed } from '../../domain/errors.ts'
import { undoBlind } from '../../store/blind/labels.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { rollBackRollout } from '../../store/rollouts/rollbacks/roll-back.ts'
import { blindScene } from '../../test/support/learning/blind-scene.ts'
import { withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { closeBlindPosts } from './ask-blind.ts'

const db = useDatabase()
const quoted = /is this a fedora/

/** Questions about messages that are in the channel, and a sweep that closes those which are asked no more. */
async function scene() {
  const made = await blindScene(db())
  const { deps, name, updates, key, channel } = made
  const closes = (over: Partial<typeof channel> = {}) =>
    closeBlindPosts({ ...deps, channelOf: () => ({ ...channel, ...over }) }, name)
  /** The posts that were changed, in order, each as often as it was. */
  const changed = () => updates.map(({ id }) => id)
  const rolledBack = () => rollBackRollout(db(), { ...key, end: 'withdrawn', why: 'a test', actor: 'test' })
  return { ...made, closes, changed, rolledBack }
}

test('the post of a settled question closes once, also after its rollout, and an open one stays as it is', async () => {
  const { asked, labels, reviewer, rolledBack, closes, changed, updates } = await scene()
  const [settled] = [await asked(), await asked()]
  await labels(settled.question.id, await reviewer())
  await rolledBack()
  for (let sweep = 0; sweep < 3; sweep += 1) await closes()
  assert.deepEqual(changed(), [settled.post.id])
  assert.match(updates[0]?.text ?? '', quoted)
  assert.match(updates[0]?.text ?? '', /settled fedora/)
})

test('a question that nobody could tell closes without a label', async () => {
  const { asked, labels, name, closes, changed, updates } = await scene()
  const { question, post } = await asked()
  for (let person = 0; person < 3; person += 1)
    await labels(question.id, await withRole(db(), `U${randomUUID()}`, 'viewer', name), null)
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  assert.deepEqual(changed(), [post.id])
  assert.match(updates[0]?.text ?? '', /undecided/)
})

test('an answer that is taken back opens the question, and its post closes again as it is settled then', async () => {
  const { asked, labels, reviewer, closes, updates } = await scene()
  const { question } = await asked()
  const personId = await reviewer()
  await labels(question.id, personId)
  await closes()
  await undoBlind(db(), { questionId: question.id, personId }, correctionDefaults)
  await closes()
  assert.equal(updates.length, 1)
  await labels(question.id, personId, 'no-fedora')
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  assert.equal(updates.length, 2)
  assert.match(updates[1]?.text ?? '', /settled no fedora/)
})

test('the words of a deleted message leave its posts once, those that asked and those that were closed', async () => {
  const { asked, labels, reviewer, takesBack, closes, changed, updates } = await scene()
  const [open, settled] = [await asked(), await asked()]
  await labels(settled.question.id, await reviewer())
  await closes()
  assert.deepEqual(changed(), [settled.post.id])
  for (const { message } of [open, settled]) await takesBack(message)
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  const [, ...after] = updates
  assert.deepEqual(after.map(({ id }) => id).toSorted(), [open.post.id, settled.post.id].toSorted())
  for (const { text } of after) assert.doesNotMatch(text, quoted)
})

test('words that are taken back while their post closes leave it at the next sweep', async () => {
  const { asked, labels, reviewer, takesBack, closes, channel, updates } = await scene()
  const { message, question } = await asked()
  await labels(question.id, await reviewer())
  await closes({
    update: async (post) => {
      await takesBack(message)
      await channel.update(post)
    },
  })
  assert.match(updates[0]?.text ?? '', quoted)
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  assert.equal(updates.length, 2)
  assert.doesNotMatch(updates[1]?.text ?? '', quoted)
  assert.match(updates[1]?.text ?? '', /settled fedora/)
})

test('a label that changes while its post closes is what the post says in the end', async () => {
  const { asked, labels, reviewer, closes, channel, updates } = await scene()
  const { question } = await asked()
  const personId = await reviewer()
  await labels(question.id, personId)
  await closes({
    update: async (post) => {
      await undoBlind(db(), { questionId: question.id, personId }, correctionDefaults)
      await labels(question.id, personId, 'no-fedora')
      await channel.update(post)
    },
  })
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  assert.deepEqual(
    updates.map(({ text }) => /settled (fedora|no fedora)/.exec(text)?.[1]),
    ['fedora', 'no fedora'],
  )
})

test('what the channel does not take now is closed by the next sweep, and nothing twice', async () => {
  const { asked, labels, reviewer, closes, channel, changed } = await scene()
  const [first, second] = [await asked(), await asked()]
  const personId = await reviewer()
  for (const { question } of [first, second]) await labels(question.id, personId)
  const refused = () => Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'out', permanent: false }))
  const takesFirst = {
    update: (post: Parameters<typeof channel.update>[0]) =>
      post.id === first.post.id ? channel.update(post) : refused(),
  }
  await assert.rejects(closes(takesFirst), SendFailed)
  assert.deepEqual(changed(), [first.post.id])
  for (let sweep = 0; sweep < 2; sweep += 1) await closes()
  assert.deepEqual(changed(), [first.post.id, second.post.id])
})

test('a bot without a people’s channel has no posts, and one that may not post there is not asked for nothing', async () => {
  const { deps, name } = await rolloutScene(db(), { bot: { peopleChannel: undefined } })
  await closeBlindPosts(deps, name)
  const other = await blindScene(db())
  await closeBlindPosts({ ...other.deps, channelOf: () => assert.fail('there is nothing to close') }, other.name)
})
