import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Correction } from '../../../api/contract/corrections.ts'
import type { Input } from '../../../api/contract/messages.ts'
import { fedoraFinder, inputAt, me, messageId, messageWith, vote } from '../../testing/sample-answers.ts'
import { scriptedInstance } from '../../testing/understudy.ts'

/** An instance that shows `before` until a vote was cast, then `after`. */
async function votingInstance(context: TestContext, before: readonly Input[], after: readonly Input[]) {
  let cast = false
  return scriptedInstance(context, {
    'GET /api/bots': () => ({ bots: [fedoraFinder] }),
    'GET /api/session': () => ({ person: { id: me, name: 'Me' }, roles: { '*': 'admin' } }),
    [`GET /api/messages/${messageId}`]: () => messageWith({ inputs: [...(cast ? after : before)] }),
    'GET /api/find?q=https%3A%2F%2Fx.com%2Fa%2Fstatus%2F1': () => ({ messages: [messageWith()] }),
    'POST /api/corrections': () => {
      cast = true
      return { vote: 'v1' }
    },
  })
}

const open = (changes: Partial<Correction> = {}): Correction => ({
  ...{ state: 'open', label: null, decidedBy: null, needed: 2 },
  votes: [vote('no-fedora', 'counted')],
  ...changes,
})

test('a vote is cast for the label by its words, and told when it is counted', async (context) => {
  const { run, asked } = await votingInstance(context, [inputAt(0)], [inputAt(0, open())])
  const { code, stdout } = await run('fix', messageId, 'No', 'Fedora')
  assert.equal(code, 0)
  assert.equal(stdout, 'noted: 1 of 2 votes\n')
  const body = asked.find(({ what }) => what === 'POST /api/corrections')?.body
  assert.deepEqual(body, { prediction: messageId, label: 'no-fedora' })
})

test('a link names the answer, and cannot-tell is a vote for no label', async (context) => {
  const counted = open({ votes: [vote(null, 'counted')] })
  const { run, asked } = await votingInstance(context, [inputAt(0)], [inputAt(0, counted)])
  assert.equal((await run('fix', 'https://x.com/a/status/1', 'cannot-tell')).code, 0)
  const body = asked.find(({ what }) => what === 'POST /api/corrections')?.body
  assert.deepEqual(body, { prediction: messageId, label: null })
})

test('an earlier vote of the same person is not taken for the new one', async (context) => {
  const early = vote('fedora', 'counted')
  const late = vote('no-fedora', 'counted', '2026-01-02T03:06:00.000Z')
  const after = open({ state: 'accepted', label: 'no-fedora', decidedBy: 'reviewer', votes: [early, late] })
  const { run } = await votingInstance(context, [inputAt(0, open({ votes: [early] }))], [inputAt(0, after)])
  assert.equal((await run('fix', messageId, 'no-fedora')).stdout, 'accepted: no-fedora (by reviewer)\n')
})

test('what became of a vote is told for every state and verdict', async (context) => {
  const table: readonly (readonly [Correction, number, string])[] = [
    [open({ state: 'conflicted' }), 0, 'noted: people disagree, a reviewer decides'],
    [open({ state: 'confirmed', label: 'fedora', decidedBy: 'quorum' }), 0, 'confirmed: fedora (by quorum)'],
    [open({ votes: [vote('no-fedora', 'daily-limit')] }), 1, 'not counted: you have had as many accepted'],
    [open({ votes: [vote('no-fedora', 'too-late')] }), 1, 'not counted: it is settled already'],
  ]
  for (const [correction, expected, words] of table) {
    const { run } = await votingInstance(context, [inputAt(0)], [inputAt(0, correction)])
    const { code, stdout } = await run('fix', messageId, 'no-fedora')
    assert.equal(code, expected)
    assert.ok(stdout.startsWith(words), stdout)
  }
})

test('a label that the bot does not know is refused with those it knows; nothing is cast', async (context) => {
  const { run, asked } = await votingInstance(context, [inputAt(0)], [])
  const { code, stderr } = await run('fix', messageId, 'bowler')
  assert.equal(code, 2)
  assert.match(stderr, /no label bowler\.\nIts labels: fedora, no-fedora, cannot-tell/)
  assert.ok(asked.every(({ what }) => what !== 'POST /api/corrections'))
})

test('of several pictures one must be named', async (context) => {
  const both = [inputAt(0), inputAt(1)]
  const { run, asked } = await votingInstance(context, both, [inputAt(0), inputAt(1, open())])
  const { code, stderr } = await run('fix', messageId, 'no-fedora')
  assert.equal(code, 2)
  assert.match(stderr, new RegExp(`several predictions:[^]*${messageId}_1`))
  assert.equal((await run('fix', `${messageId}_1`, 'no-fedora')).code, 0)
  const body = asked.find(({ what }) => what === 'POST /api/corrections')?.body
  assert.deepEqual(body, { prediction: `${messageId}_1`, label: 'no-fedora' })
})

test('a message without a prediction has nothing to correct', async (context) => {
  const { run } = await votingInstance(context, [], [])
  const { code, stderr } = await run('fix', messageId, 'fedora')
  assert.equal(code, 1)
  assert.match(stderr, /no prediction to correct[^]*understudy show/)
})
