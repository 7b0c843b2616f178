import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { correctionDefaults } from '../../domain/correction.ts'
import { personOf } from '../messages/messages.ts'
import { rollBackRollout } from '../rollouts/rollbacks/roll-back.ts'
import { answered, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { labelBlind, undoBlind } from './labels.ts'
import { newDisagreements, openBlindQuestion, randomAnswers } from './candidates.ts'
import { blindProgress, blindQuestionById, questionsFor, takeForChannel } from './questions.ts'
import { openQuestion } from '../corrections/questions.ts'

const db = useDatabase()
const disagree = { champion: 'fedora', challenger: 'no-fedora' }

async function scene() {
  const made = await rolloutScene(db(), { stage: 'canary' })
  const person = () => personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: `U${randomUUID()}` })
  const opens = async () => {
    const [candidate] = await newDisagreements(db(), made.key, 10)
    assert(candidate)
    await openBlindQuestion(db(), { ...candidate, ...made.key, labels: ['no-fedora', 'fedora'] })
  }
  const questions = async (personId: string) => questionsFor(db(), { bot: made.name, personId, limit: 10 })
  const asked = async () => {
    await made.scored(disagree)
    await opens()
    const [question] = await questions(randomUUID())
    assert(question)
    return question.id
  }
  const says = (questionId: string, personId: string, label?: string) =>
    labelBlind(db(), { id: randomUUID(), questionId, personId, label }, correctionDefaults)
  return { ...made, person, opens, asked, says, questions }
}

test('what both versions agree on is not asked; one input is asked about once, whoever sent it', async () => {
  const { scored, key, opens } = await scene()
  await scored({ champion: 'fedora', challenger: 'fedora' })
  assert.equal((await newDisagreements(db(), key, 10)).length, 0)
  const input = 'a'.repeat(64)
  await scored({ ...disagree, input })
  await scored({ ...disagree, input })
  assert.equal((await newDisagreements(db(), key, 10)).length, 1)
  await opens()
  assert.equal((await newDisagreements(db(), key, 10)).length, 0)
})

test('a share of all answers is drawn, and looking again draws the same', async () => {
  const { scored, key } = await scene()
  for (let time = 0; time < 40; time++) await scored({ champion: 'fedora', challenger: 'fedora' })
  const drawn = async (share: number) =>
    (await randomAnswers(db(), { ...key, share }, 100)).map(({ messageId }) => messageId)
  const half = await drawn(0.5)
  assert.ok(half.length > 3 && half.length < 37, `${half.length} of 40`)
  assert.deepEqual(await drawn(0.5), half)
  assert.deepEqual([(await drawn(1)).length, (await drawn(0)).length], [40, 0])
})

test('load tests and what was taken back are not asked', async () => {
  const { scored, key } = await scene()
  const [one, two] = [await scored(disagree), await scored(disagree)]
  await sql`update messages set synthetic = true where id = ${one.id}`.execute(db())
  await sql`update messages set deleted_at = now() where id = ${two.id}`.execute(db())
  assert.equal((await newDisagreements(db(), key, 10)).length, 0)
})

test('a reviewer settles a question with one label, and it is closed for everybody', async () => {
  const { asked, says, person, name, questions } = await scene()
  const id = await asked()
  const reviewer = await withRole(db(), `U${randomUUID()}`, 'reviewer', name)
  const other = await person()
  assert.equal((await questions(other)).length, 1)
  await says(id, reviewer, 'no-fedora')
  assert.equal((await blindQuestionById(db(), id))?.label, 'no-fedora')
  assert.equal((await questions(other)).length, 0)
  assert.equal((await says(id, other, 'fedora')).kind, 'closed')
  assert.deepEqual(await blindProgress(db(), name), { open: 0, labelled: 1, undecided: 0 })
})

test('other people settle it when two agree; who contradict each other leave it to a reviewer', async () => {
  const { asked, says, person, name } = await scene()
  const id = await asked()
  const [one, two, three] = [await person(), await person(), await person()]
  await says(id, one, 'fedora')
  await says(id, two, 'no-fedora')
  await says(id, three, 'no-fedora')
  assert.equal((await blindQuestionById(db(), id))?.closed, false)
  await says(id, one, 'no-fedora')
  assert.equal((await blindQuestionById(db(), id))?.label, 'no-fedora')
  assert.equal((await says(randomUUID(), one, 'fedora')).kind, 'unknown-question')
  const reviewer = await withRole(db(), `U${randomUUID()}`, 'reviewer', name)
  assert.equal((await says(await asked(), reviewer, 'wizard')).kind, 'unknown-label')
})

test('nobody is asked any more about a version whose rollout is over', async () => {
  const { asked, name, questions, key } = await scene()
  await asked()
  assert.equal((await questions(randomUUID())).length, 1)
  await rollBackRollout(db(), { ...key, end: 'withdrawn', why: 'a person took it back', actor: 'test' })
  assert.equal((await questions(randomUUID())).length, 0)
  assert.deepEqual(await takeForChannel(db(), { bot: name, channelId: 'C-over', capPerDay: 9, limit: 9 }), [])
  assert.equal((await blindProgress(db(), name)).open, 0)
})

test('three who cannot tell close it without a label', async () => {
  const { asked, says, person } = await scene()
  const id = await asked()
  for (let time = 0; time < 3; time++) await says(id, await person())
  const question = await blindQuestionById(db(), id)
  assert.deepEqual([question?.closed, question?.label], [true, undefined])
})

test('a label is taken back within a few minutes and not later, and a repeated delivery changes nothing', async () => {
  const { asked, person, name } = await scene()
  const id = await asked()
  const personId = await withRole(db(), `U${randomUUID()}`, 'reviewer', name)
  const answer = { id: randomUUID(), questionId: id, personId, label: 'fedora' }
  for (let time = 0; time < 2; time++) await labelBlind(db(), answer, correctionDefaults)
  assert.equal(
    (await undoBlind(db(), { questionId: id, personId: await person() }, correctionDefaults)).kind,
    'too-late',
  )
  await undoBlind(db(), { questionId: id, personId }, correctionDefaults)
  assert.equal((await blindQuestionById(db(), id))?.closed, false)
  await labelBlind(db(), { ...answer, id: randomUUID() }, correctionDefaults)
  await sql`update blind_labels set at = now() - interval '1 hour' where question_id = ${id}`.execute(db())
  assert.equal((await undoBlind(db(), { questionId: id, personId }, correctionDefaults)).kind, 'too-late')
  assert.equal((await blindQuestionById(db(), id))?.label, 'fedora')
})

test('the people’s channel gets no more than its cap a day, however many look at once', async () => {
  const { scored, key, name } = await scene()
  for (let time = 0; time < 4; time++) await scored(disagree)
  for (const candidate of await newDisagreements(db(), key, 10))
    await openBlindQuestion(db(), { ...candidate, ...key, labels: ['fedora', 'no-fedora'] })
  const place = { bot: name, channelId: `C-${name}`, capPerDay: 3, limit: 2 }
  await Promise.all([1, 2, 3].map(() => takeForChannel(db(), place)))
  const { rows } = await sql`select 1 from blind_questions where bot = ${name} and channel_id is not null`.execute(db())
  assert.equal(rows.length, 3)
  const { ref } = await answered(db(), { message: { bot: name, businessKey: `${name}.T1.C1.${randomUUID()}` } })
  const unsure = { ...ref, bot: name, reason: 'unsure', channelId: `C-${name}` } as const
  assert.equal(await openQuestion(db(), unsure, { capPerDay: 3 }), false)
  assert.equal(await openQuestion(db(), unsure, { capPerDay: 4 }), true)
})
