import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bots } from '../../../api/contract/bots.ts'
import { ensureReviewer } from '../../../store/people/people.ts'
import { peopleOf, type SeenPost } from '../../support/messages/people.ts'
import { isSettledAs, operatorOf } from '../operator.ts'
import { stack } from './stack.ts'

/* A reviewer adds a label in Slack while everything runs, and people correct an answer to it. */

const bot = 'team-router'
const people = () =>
  peopleOf(stack().urls.slack, { name: bot, userId: stack().secrets.bots[bot]?.slack.botUserId ?? '' })
const operator = () => operatorOf(stack())
const reviewer = 'U0ADA'

/** Types a command in a channel of the test's own. @returns what the person alone is told. */
async function told(user: string, typed: string, channel: string): Promise<string> {
  const before = new Set((await people().sees(channel)).map(({ ts }) => ts))
  await people().types(user, typed, { channel })
  const isTold = (seen: SeenPost) => seen.ephemeral && seen.user === user && !before.has(seen.ts)
  return (await people().waits(channel, isTold, { what: `what ${typed} tells` })).text
}

async function answered(question: string, channel: string): Promise<SeenPost> {
  const ts = await people().says('U0DINA', `@bot ${question}`, { channel })
  const isAnswer = (seen: SeenPost) => seen.bot === bot && seen.threadTs === ts && !seen.ephemeral
  return people().waits(channel, isAnswer, { what: 'an answer' })
}

/** What a person is told in a channel after `since`. */
const receipt = (user: string, channel: string, since: string): Promise<SeenPost> =>
  people().waits(channel, (seen) => seen.ephemeral && seen.user === user, { since, what: `a word to ${user}` })

const apiLabels = async () => {
  const { body } = await operator().get('/api/bots')
  return bots.parse(body).bots.find(({ name }) => name === bot)?.labels ?? []
}

/** The conversation of a question, as the page reads it. */
async function messageAbout(words: string) {
  const { body } = await operator().get(`/api/messages?bot=${bot}&q=${encodeURIComponent(words)}`)
  const [found] = (body as { readonly messages: readonly { readonly id: string }[] }).messages
  return found?.id ?? assert.fail('the message is listed')
}

test('a stranger, and whoever is no reviewer, is told no, and nothing is added', async () => {
  for (const user of ['U0NOBODY', 'U0BEN'])
    assert.match(await told(user, '/labels add legal the legal team', 'C0GENERAL'), /added by reviewers/)
  assert.ok(!(await apiLabels()).some(({ id }) => id === 'legal'))
  assert.equal(
    (await stack().db.selectFrom('audit').select('seq').where('action', '=', 'label.added').execute()).length,
    0,
  )
})

test('a reviewer adds a label in Slack, people correct an answer to it, and it outlives the processes', async () => {
  const channel = 'C0GENERAL'
  await ensureReviewer(stack().db, { channel: 'slack', workspace: 'T0SIM', platformUserId: reviewer })
  for (const [typed, reason] of [
    ['/labels add Design the design team', /lower-case letters/],
    ['/labels add design <!channel>', /plain marks/],
    ['/labels add grid another team', /already: grid/],
    ['/labels add design', /needs an id and words/],
    ['/labels remove grid', /needs an id and words/],
  ] as const)
    assert.match(await told(reviewer, typed, channel), reason)
  assert.match(await told(reviewer, '/fix nothing', channel), /Labels: (?!.*design)/)

  const question = 'which team owns the colours of buttons?'
  assert.match(
    await told(reviewer, '/labels add design the design team', channel),
    /^Added: design \(the design team\)/,
  )
  assert.match(await told('U0BEN', '/labels', channel), /• design: the design team/)
  assert.match(await told('U0BEN', '/fix nothing', channel), /Labels: .*design/)
  assert.deepEqual((await apiLabels()).at(-1), { id: 'design', words: 'the design team' })

  const answer = await answered(question, channel)
  await people().chooses('U0BEN', 'design', answer)
  assert.match((await receipt('U0BEN', channel, answer.ts)).text, /the design team.*1 of 2/)
  await people().types('U0CHLOE', `/fix ${answer.permalink} the design team`, { channel })
  assert.match((await receipt('U0CHLOE', channel, answer.ts)).text, /the design team/)

  const id = await messageAbout('colours of buttons')
  const settled = await operator().messageWhen(id, isSettledAs('accepted'), 'the correction')
  const [input] = settled.inputs
  assert.ok(input)
  assert.equal(input.correction?.label, 'design')
  assert.deepEqual(
    input.correction.votes.map(({ via, verdict }) => [via, verdict]),
    [
      ['button', 'counted'],
      ['command', 'counted'],
    ],
  )
  // The live version was made before: it neither names the label nor gives it a probability.
  assert.ok(!Object.keys(input.scores[0]?.probabilities ?? { design: 1 }).includes('design'))

  for (const name of ['api', 'relay+conversations'] as const) {
    await stack().stop(name)
    await stack().start(name)
  }
  assert.match(await told('U0BEN', '/labels', channel), /• design: the design team/)
  const again = await answered('which team owns the spacing of icons?', channel)
  await people().chooses(reviewer, 'design', again)
  assert.match((await receipt(reviewer, channel, again.ts)).text, /the design team/)
})

test('a label that is added over the API is in the menus of Slack without a restart', async () => {
  const added = await operator().post(`/api/bots/${bot}/labels`, { id: 'sales', words: 'the sales team' })
  assert.equal(added.status, 201)
  assert.match(await told('U0BEN', '/labels', 'C0SALES'), /• sales: the sales team/)
  const answer = await answered('which team owns the price list?', 'C0GENERAL')
  await people().chooses(reviewer, 'sales', answer)
  assert.match((await receipt(reviewer, 'C0GENERAL', answer.ts)).text, /the sales team/)
  const thread = { channel: 'C0GENERAL', ...(answer.threadTs && { threadTs: answer.threadTs }) }
  const reply = await people().says('U0CHLOE', 'no, it’s the sales team', thread)
  assert.match((await receipt('U0CHLOE', 'C0GENERAL', reply)).text, /./)
  const message = await operator().message(await messageAbout('price list'))
  assert.deepEqual(
    message.inputs[0]?.correction?.votes.map(({ via, label }) => [via, label]),
    [
      ['button', 'sales'],
      ['reply', 'sales'],
    ],
  )
})
