import assert from 'node:assert/strict'
import { test } from 'node:test'
import { correctionDefaults } from '../../domain/correction.ts'
import { countVote } from '../../store/corrections/count-vote.ts'
import { claimEvents } from '../../store/messages/inbound-events.ts'
import { acceptVote } from '../../store/corrections/votes.ts'
import { useDatabase } from '../../test/support/database.ts'
import { keepAnswer, keepMessage } from '../../test/support/messages/kept-messages.ts'
import { useOperatorApp } from '../../test/support/operator-app.ts'

const db = useDatabase()
const { inject, asAdmin, signIn } = useOperatorApp(db)

test('a vote is that of the person who is signed in, with the roles that they have', async () => {
  const id = await keepMessage(db())
  await keepAnswer(db(), id)
  const { id: reviewer, cookie } = await signIn({ 'fedora-finder': 'reviewer' })
  const vote = (payload: object) =>
    inject({ method: 'POST', url: '/api/corrections', headers: { cookie, 'x-understudy': '1' }, payload })
  assert.equal((await vote({ prediction: id, label: 'no-fedora' })).statusCode, 202)
  const [event] = await claimEvents(db(), { limit: 1, leaseMs: 60_000 })
  assert.ok(event?.request.kind === 'vote')
  const { request } = event
  assert.equal(request.vote.via, 'page')
  const accepted = await acceptVote(db(), request.vote, {
    newId: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a98',
    receivedAt: new Date(),
  })
  assert.ok(accepted.kind === 'vote')
  await countVote(db(), accepted.voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  const { corrections } = (await asAdmin({ url: '/api/corrections?state=accepted' })).json<{
    corrections: readonly Record<string, unknown>[]
  }>()
  assert.deepEqual(
    corrections.map(({ prediction, label, predicted, decidedBy, votes }) => ({
      prediction,
      label,
      predicted,
      decidedBy,
      votes,
    })),
    [{ prediction: id, label: 'no-fedora', predicted: 'fedora', decidedBy: 'reviewer', votes: 1 }],
  )
  const { inputs } = (await asAdmin({ url: `/api/messages/${id}` })).json<{
    inputs: readonly { correction: { votes: readonly { person: string }[] } }[]
  }>()
  const [input] = inputs
  assert.deepEqual(
    input?.correction.votes.map(({ person }) => person),
    [reviewer],
  )
  assert.equal((await vote({ prediction: id, label: 'bowler' })).statusCode, 422)
  assert.equal((await vote({ prediction: '0b6f1d9e-2f0a-4c9e-9a53-2f6a6c1f7a97', label: null })).statusCode, 404)
  assert.equal((await vote({ prediction: 'no id', label: null })).statusCode, 404)
})
