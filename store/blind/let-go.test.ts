import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { correctionDefaults } from '../../domain/correction.ts'
import { blindScene, disagree } from '../../test/support/learning/blind-scene.ts'
import { withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { openQuestionsFor } from './blind-pages.ts'
import { intendReply } from '../messages/replies.ts'
import { rollBackRollout } from '../rollouts/rollbacks/roll-back.ts'
import { labelBlind, undoBlind } from './labels.ts'
import { newDisagreements, openBlindQuestion, randomAnswers } from './candidates.ts'
import { blindProgress, blindQuestionById } from './questions.ts'

const db = useDatabase()

async function scene() {
  const made = await blindScene(db())
  const { name, scored } = made
  /** Version 2 goes, and version 3 is rolled out in its place. */
  const nextRollout = async () => {
    await rollBackRollout(db(), { ...made.key, end: 'withdrawn', why: 'a person took it back', actor: 'test' })
    await sql`insert into versions (bot, version, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version)
              select bot, 3, slot, family, parent, dataset_root, weights_sha256, files, labels, preprocessing_version
              from versions where bot = ${name} and version = 2`.execute(db())
    await sql`insert into rollouts (bot, version, slot, champion, mode, stage, numbers, started_at)
              select bot, 3, slot, champion, mode, 'canary', numbers, started_at from rollouts where bot = ${name}`.execute(
      db(),
    )
    return { bot: name, version: 3 }
  }
  const scoredByThird = async (input: string | undefined) => {
    const message = await scored({ ...disagree, ...(input !== undefined && { input }) })
    await sql`update scores set version = 3 where message_id = ${message.id} and version = 2`.execute(db())
    return message
  }
  return { ...made, nextRollout, scoredByThird }
}

test('nobody is asked about portraits of people who want to be matched', async () => {
  const { scored, key } = await scene()
  for (const intent of ['none', 'score-only', 'ask', 'ask-all']) {
    const { id } = await scored(disagree)
    await sql`update messages set intent = ${intent} where id = ${id}`.execute(db())
  }
  assert.equal((await newDisagreements(db(), key, 10)).length, 2)
  assert.equal((await randomAnswers(db(), { ...key, share: 1 }, 10)).length, 2)
})

test('what a rollout left open is asked anew by the next one that disagrees, and the old post closes', async () => {
  const { asked, open, nextRollout, scoredByThird, activities, posts, updates, reviewer, labels, name } = await scene()
  const before = await asked()
  const { rows } = await sql<{ input: string }>`
    select input_sha256 as input from blind_questions where id = ${before.question.id}`.execute(db())
  const next = await nextRollout()
  assert.deepEqual(await open(), [])
  const message = await scoredByThird(rows[0]?.input)
  assert.equal(await activities.askBlind(next), 1)
  assert.equal(await activities.askBlind(next), 0)
  const [question, ...others] = await open()
  assert.deepEqual([question?.messageId, others.length], [message.id, 0])
  assert.deepEqual(
    posts.flatMap(({ key }) => (key.startsWith('blind:') ? [key] : [])),
    [`blind:${before.question.id}`, `blind:${question?.id}`],
  )
  assert.deepEqual(
    updates.map(({ id }) => id),
    [before.post.id],
  )
  assert.deepEqual(await blindProgress(db(), name), { open: 1, labelled: 0, undecided: 0 })
  assert.equal((await labels(before.question.id, await reviewer())).kind, 'closed')
  await labels(question?.id ?? '', await reviewer())
  assert.deepEqual(await blindProgress(db(), name), { open: 0, labelled: 1, undecided: 0 })
})

test('a question that people are still asked stays, whoever else would ask', async () => {
  const { asked, key, open } = await scene()
  const { question } = await asked()
  const again = { messageId: question.messageId, position: 0, inputSha256: 'b'.repeat(64), reason: 'random' } as const
  assert.equal(await openBlindQuestion(db(), { ...again, ...key, labels: [] }), false)
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [question.id],
  )
})

test('what was taken back is asked of nobody, and its posts lose its words', async () => {
  const { asked, open, takesBack, activities, key, updates, name, labels, reviewer } = await scene()
  const { id, message, question, post, ref } = await asked()
  assert.match(post.text, /is this a fedora\?/)
  const ordinary = { key: `question:${id}:0`, messageId: ref.messageId, kind: 'question' } as const
  await intendReply(db(), { ...ordinary, text: `“${message.text}”\nWhat is it?` })
  await takesBack(message)
  assert.deepEqual(await open(), [])
  assert.deepEqual(await openQuestionsFor(db(), { bots: [name], personId: randomUUID(), limit: 9 }), [])
  assert.equal((await labels(question.id, await reviewer())).kind, 'closed')
  await activities.askBlind(key)
  assert.deepEqual(
    updates.map((update) => update.id),
    [post.id],
  )
  assert.match(updates[0]?.text ?? '', /^This was taken back\.\n[^]*\nNobody is asked about this any more\.$/)
  const { rows } = await sql`select 1 from replies where message_id = ${id} and text like '%is this a fedora%'`.execute(
    db(),
  )
  assert.deepEqual(rows, [])
  assert.equal((await intendReply(db(), { ...ordinary, text: '' })).text, 'This was taken back.\nWhat is it?')
})

test('a settled question keeps its label when its message is taken back, and its post loses the words', async () => {
  const { asked, takesBack, activities, key, updates, labels, reviewer } = await scene()
  const { message, question } = await asked()
  const personId = await reviewer()
  await labels(question.id, personId)
  await activities.askBlind(key)
  assert.match(updates[0]?.text ?? '', /is this a fedora/)
  await takesBack(message)
  await activities.askBlind(key)
  assert.equal((await blindQuestionById(db(), question.id))?.label, 'fedora')
  assert.doesNotMatch(updates[1]?.text ?? '', /is this a fedora/)
  assert.match(updates[1]?.text ?? '', /settled fedora/)
})

test('an answer that was on its way when its message went does not open the question again', async () => {
  const { asked, takesBack } = await scene()
  const { message, question } = await asked()
  const stranger = await withRole(db(), `U${randomUUID()}`, 'viewer', 'another-bot')
  const answer = { id: randomUUID(), questionId: question.id, personId: stranger, label: 'fedora' }
  await labelBlind(db(), answer, correctionDefaults)
  await takesBack(message)
  await labelBlind(db(), answer, correctionDefaults)
  await undoBlind(db(), { questionId: question.id, personId: stranger }, correctionDefaults)
  assert.equal((await blindQuestionById(db(), question.id))?.closed, true)
})

test('words that were taken back while they were posted are not said again', async () => {
  const { asked, takesBack, activities, key, updates } = await scene()
  const { message, question, post } = await asked()
  await takesBack(message)
  await sql`update replies set text = ${post.text} where key = ${`blind:${question.id}`}`.execute(db())
  await activities.askBlind(key)
  assert.equal(updates.length, 1)
  assert.doesNotMatch(updates[0]?.text ?? '', /is this a fedora/)
})

test('another person’s input is asked about although the first of the kind was taken back', async () => {
  const { scored, takesBack, activities, key, open } = await scene()
  const input = 'c'.repeat(64)
  const first = await scored({ ...disagree, input })
  assert.equal(await activities.askBlind(key), 1)
  const second = await scored({ ...disagree, input })
  assert.equal(await activities.askBlind(key), 0)
  await takesBack(first.message)
  assert.equal(await activities.askBlind(key), 1)
  assert.deepEqual(
    (await open()).map(({ messageId }) => messageId),
    [second.id],
  )
})
