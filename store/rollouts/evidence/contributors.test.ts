import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBot } from '../../../test/support/bots.ts'
import { bot, cast, voteBy, withRole } from '../../../test/support/messages/corrections.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { corrected, firstVersion, goLive, learnAll, say } from '../../../test/support/learning/learned-corrections.ts'
import { countVote } from '../../corrections/count-vote.ts'
import { personOf } from '../../messages/messages.ts'
import { contributorsOf } from './contributors.ts'

const db = useDatabase()

const rules = { rulesOf: () => testBot().corrections, learnsFrom: () => true }
const known: Partial<Record<'first' | 'second', string>> = {}
const people = async (version: number) => [...(await contributorsOf(db(), { bot, version })).keys()].toSorted()

test('whoever settles otherwise what the parent had learned has contributed to the version that learns it', async () => {
  await firstVersion(db())
  known.first = await withRole(db(), 'FIRST', 'reviewer')
  known.second = await withRole(db(), 'SECOND', 'reviewer')
  const { ref } = await corrected(db(), ['SECOND'])
  assert.equal(await learnAll(db(), 1), 2)
  assert.deepEqual(await people(2), [known.second])
  await goLive(db(), 2)
  await say(db(), ref, { people: ['FIRST'], label: 'other-hat' })
  const version = await learnAll(db(), 2, { version: 2, root: 'dataset-1' })
  assert.deepEqual(await people(version), [known.first])
  await goLive(db(), version)
})

test('whoever changes a vote after the version was trained has contributed all the same, to that label alone', async () => {
  const { ref } = await corrected(db(), ['PASSER-BY'], { label: 'other-hat' })
  await say(db(), ref, { people: ['PASSER-BY'], label: 'fedora' })
  await say(db(), ref, { people: ['FIRST'], label: 'no-fedora' })
  const version = await learnAll(db(), 3, { version: 3, root: 'dataset-2' })
  const { voteId } = await cast(db(), voteBy('FIRST', { target: { kind: 'prediction', ...ref } }))
  assert.equal((await countVote(db(), voteId, rules)).verdict, 'counted')
  assert.deepEqual(await people(version), [known.first])
  assert.deepEqual([...(await contributorsOf(db(), { bot, version })).values()], [1])
  const passerBy = await personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: 'PASSER-BY' })
  assert(!(await people(version)).includes(passerBy))
})
