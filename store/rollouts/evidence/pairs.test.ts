import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { correctionDefaults } from '../../../domain/correction.ts'
import { predictionId } from '../../../domain/prediction.ts'
import { withRole } from '../../../test/support/messages/corrections.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { rolloutScene } from '../../../test/support/learning/rollout-scene.ts'
import { labelBlind } from '../../blind/labels.ts'
import { newDisagreements, openBlindQuestion } from '../../blind/candidates.ts'
import { questionsFor } from '../../blind/questions.ts'
import { labelledDisagreements, pairsOf } from './pairs.ts'

const db = useDatabase()
const disagree = { champion: 'fedora', challenger: 'no-fedora' }

async function scene() {
  const made = await rolloutScene(db(), { stage: 'canary' })
  const { name: bot, key, scored } = made
  const input = randomUUID().replaceAll('-', '').repeat(2)
  const sends = () => scored({ ...disagree, input })
  const pairs = (version: number) => labelledDisagreements(db(), { bot, version, champion: 1 })
  /** A message that version 3 has scored in the place of version 2. */
  const sendsToThird = async () => {
    const message = await sends()
    await sql`update scores set version = 3 where message_id = ${message.id} and version = 2`.execute(db())
    return message
  }
  const settled = async () => {
    const message = await sends()
    const [candidate] = await newDisagreements(db(), key, 1)
    assert(candidate)
    await openBlindQuestion(db(), { ...candidate, ...key, labels: ['fedora', 'no-fedora'] })
    const [question] = await questionsFor(db(), { bot, personId: randomUUID(), limit: 1 })
    const personId = await withRole(db(), `U${randomUUID()}`, 'reviewer', bot)
    const answer = { id: randomUUID(), questionId: question?.id ?? '', personId, label: 'no-fedora' }
    await labelBlind(db(), answer, correctionDefaults)
    return message
  }
  return { ...made, input, sends, sendsToThird, pairs, settled }
}

test('a label counts for a later version that has scored the same input, once', async () => {
  const { sendsToThird, pairs, settled } = await scene()
  const asked = await settled()
  assert.deepEqual(await pairs(3), [])
  const [message] = [await sendsToThird(), await sendsToThird()]
  const prediction = predictionId({ messageId: message.id, position: 0 })
  assert.deepEqual(await pairs(3), [{ prediction, ...disagree, truth: 'no-fedora' }])
  assert.deepEqual(pairsOf(await pairs(3)), { wins: 1, losses: 0, neither: 0 })
  assert.equal((await pairs(2))[0]?.prediction, predictionId({ messageId: asked.id, position: 0 }))
})

test('an input that came often counts once, as what the first request got', async () => {
  const { sends, sendsToThird, pairs, settled } = await scene()
  await settled()
  await sends()
  const [first] = [await sendsToThird(), await sendsToThird()]
  await sql`update scores set label = 'fedora' where message_id = ${first.id}`.execute(db())
  assert.equal((await pairs(2)).length, 1)
  assert.deepEqual(await pairs(3), [])
})

test('what another bot, a load test or a private portrait scored is no evidence', async () => {
  const { sendsToThird, pairs, settled, input } = await scene()
  await settled()
  const other = await rolloutScene(db(), { stage: 'canary' })
  const [elsewhere, load, portrait] = [
    await other.scored({ ...disagree, input }),
    await sendsToThird(),
    await sendsToThird(),
  ]
  await sql`update scores set version = 3 where message_id = ${elsewhere.id} and version = 2`.execute(db())
  await sql`update messages set synthetic = true where id = ${load.id}`.execute(db())
  await sql`update messages set intent = 'none' where id = ${portrait.id}`.execute(db())
  assert.deepEqual(await pairs(3), [])
})

test('an input that the version has learned is no evidence for it, and is for the others', async () => {
  const { sendsToThird, pairs, settled, root } = await scene()
  const { id } = await settled()
  await sendsToThird()
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values (${root}, ${id}, 0, 'no-fedora', 'train')`.execute(db())
  assert.deepEqual(await pairs(2), [])
  assert.equal((await pairs(3)).length, 1)
})

test('nobody is asked about an input that the version has learned', async () => {
  const { sends, root, key } = await scene()
  const { id } = await sends()
  assert.equal((await newDisagreements(db(), key, 9)).length, 1)
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values (${root}, ${id}, 0, 'no-fedora', 'train')`.execute(db())
  assert.deepEqual(await newDisagreements(db(), key, 9), [])
})
