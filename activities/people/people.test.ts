import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { SendFailed } from '../../domain/errors.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import type { PostUpdate } from '../../domain/channel.ts'
import { requestDecision } from '../../store/approvals/decisions.ts'
import { recordHoldOrReject } from '../../store/approvals/record-decision.ts'
import { labelBlind } from '../../store/blind/labels.ts'
import { correctionToLive } from '../../store/corrections/live-notices.ts'
import { answered, cast, voteBy, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import { createPeopleActivities } from './create.ts'

const db = useDatabase()
const disagree = { champion: 'fedora', challenger: 'no-fedora' }

async function scene(options: Parameters<typeof rolloutScene>[1] = {}) {
  const made = await rolloutScene(db(), options)
  return { ...made, activities: createPeopleActivities(made.deps) }
}

test('a card is posted once, says what is known, and is drawn anew when the evidence changes', async () => {
  const { key, evidence, activities, posts, deps, channel } = await scene()
  const drawn: PostUpdate[] = []
  const update: typeof channel.update = (post) => Promise.resolve(void drawn.push(post))
  const people = createPeopleActivities({ ...deps, channelOf: () => ({ ...channel, update }) })
  await activities.showCard({ ...key, evidenceId: await evidence('inconclusive') })
  const [post, ...others] = posts
  assert.deepEqual(others, [])
  assert.match(post?.card?.heading ?? '', /v2: inconclusive, a decision is wanted/)
  assert.equal(post?.card?.ask?.promote, true)
  assert.match(post.card.ask.caution ?? '', /goes past it/)
  assert.equal(post.card.points.length, 9)
  const evidenceId = await evidence('pass')
  await people.showCard({ ...key, evidenceId })
  assert.equal(posts.length, 1)
  assert.deepEqual([drawn[0]?.id, drawn[0]?.card?.ask?.evidenceId], [post.id, evidenceId])
  assert.equal(drawn[0]?.card?.ask?.caution, undefined)
})

test('evidence that says fail offers no promotion; a decided card offers nothing and names who decided', async () => {
  const { key, evidence, activities, posts, deps, channel, name } = await scene()
  const evidenceId = await evidence('fail')
  await activities.showCard({ ...key, evidenceId })
  assert.equal(posts[0]?.card?.ask?.promote, false)
  const personId = await withRole(db(), 'U0DECIDER', 'approver', name)
  const answer = await requestDecision(db(), {
    ...key,
    evidenceId,
    decision: 'reject',
    personId,
    reason: 'no',
    newId: randomUUID(),
  })
  await recordHoldOrReject(db(), answer.decisionId)
  const drawn: PostUpdate[] = []
  const update: typeof channel.update = (post) => Promise.resolve(void drawn.push(post))
  await createPeopleActivities({ ...deps, channelOf: () => ({ ...channel, update }) }).showCard({ ...key, evidenceId })
  assert.equal(drawn[0]?.card?.ask, undefined)
  assert.equal(drawn[0]?.person, 'U0DECIDER')
  assert.match(drawn[0].card?.footer ?? '', /Rejected by/)
})

test('whoever was refused after all is told once, where they have clicked', async () => {
  const { key, evidence, activities, posts, name } = await scene()
  const evidenceId = await evidence()
  const personId = await withRole(db(), 'U0LATE', 'viewer', name)
  const address = { kind: 'slack-ephemeral', team: 'T1', channelId: 'C1', userId: 'U0LATE' } as const
  await requestDecision(db(), {
    ...key,
    evidenceId,
    decision: 'promote',
    personId,
    reason: '',
    address,
    newId: randomUUID(),
  })
  for (let time = 0; time < 2; time++) await activities.showCard({ ...key, evidenceId })
  const told = posts.filter((post) => post.address.kind === 'slack-ephemeral')
  assert.equal(told.length, 1)
  assert.match(told[0]?.text ?? '', /Only approvers/)
})

test('a channel that does not take the card now is tried again, and one that never will leaves it to the page', async () => {
  const { key, evidence, deps, channel } = await scene()
  const evidenceId = await evidence()
  const failing = (permanent: boolean) =>
    createPeopleActivities({
      ...deps,
      channelOf: () => ({
        ...channel,
        send: () => Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'no', permanent })),
      }),
    })
  await assert.rejects(failing(false).showCard({ ...key, evidenceId }), SendFailed)
  await failing(true).showCard({ ...key, evidenceId })
})

test('each news is told once', async () => {
  const { key, activities, posts } = await scene()
  for (const news of ['shadow', 'canary', 'canary', 'live', 'ended'] as const)
    await activities.tellRollout({ ...key, news })
  assert.equal(posts.length, 4)
  assert.equal(posts[1]?.address.kind === 'slack-thread' && posts[1].address.threadTs, posts[0]?.id)
})

test('blind questions stand in the rollout’s thread, say nothing of any answer, and close when they are settled', async () => {
  const { key, activities, posts, scored, updates, name, bot } = await scene({ stage: 'canary' })
  await scored(disagree)
  assert.equal(await activities.askBlind(key), 1)
  assert.equal(await activities.askBlind(key), 0)
  const [root, question, ...others] = posts
  assert.deepEqual(others, [])
  assert.equal(question?.address.kind === 'slack-thread' && question.address.threadTs, root?.id)
  assert.doesNotMatch(question?.text ?? '', /conversations|no fedora/)
  const [offer] = question?.offers ?? []
  assert.deepEqual([offer?.kind, offer?.labels.length], ['blind', bot.labels.length])
  assert.equal(question?.about?.source, undefined)
  const personId = await withRole(db(), `U${randomUUID()}`, 'reviewer', name)
  await labelBlind(
    db(),
    { id: randomUUID(), questionId: offer?.prediction ?? '', personId, label: 'fedora' },
    correctionDefaults,
  )
  for (let time = 0; time < 2; time++) await activities.askBlind(key)
  assert.equal(updates.length, 1)
  assert.match(updates[0]?.text ?? '', /settled fedora/)
})

test('a random share of all answers is asked about too, the same at every look', async () => {
  const none = await scene({ stage: 'canary' })
  await none.scored({ champion: 'fedora', challenger: 'fedora' })
  assert.equal(await none.activities.askBlind(none.key), 0)
  const all = await scene({ stage: 'canary', bot: { askShare: 1 } })
  await all.scored({ champion: 'fedora', challenger: 'fedora' })
  assert.deepEqual([await all.activities.askBlind(all.key), await all.activities.askBlind(all.key)], [1, 0])
})

test('a bot without a people’s channel asks on the page alone', async () => {
  const { key, activities, scored, posts } = await scene({ stage: 'canary', bot: { peopleChannel: undefined } })
  await scored(disagree)
  assert.equal(await activities.askBlind(key), 1)
  await activities.tellRollout({ ...key, news: 'shadow' })
  assert.equal(posts.length, 0)
})

test('whose correction is live for the first time is told once, and the clock counts it', async () => {
  const { key, activities, posts, root, name } = await scene({ stage: 'bake' })
  const made = await answered(db(), { message: { bot: name } })
  await sql`insert into corrections (message_id, position, bot, state, label, decided_by, decided_at)
            values (${made.id}, 0, ${name}, 'accepted', 'no-fedora', 'quorum', now())`.execute(db())
  for (const user of ['U0ONE', 'U0TWO', 'U0OTHER']) {
    const label = user === 'U0OTHER' ? 'fedora' : 'no-fedora'
    const { voteId } = await cast(db(), voteBy(user, { bot: name, target: { kind: 'prediction', ...made.ref }, label }))
    await sql`update votes set verdict = 'counted' where id = ${voteId}`.execute(db())
  }
  await sql`insert into dataset_corrections (root, message_id, position, label, part)
            values (${root}, ${made.id}, 0, 'no-fedora', 'train')`.execute(db())
  assert.equal(await activities.tellFixers(key), 2)
  await activities.tellFixers(key)
  assert.equal(posts.length, 2)
  assert.match(posts[0]?.text ?? '', /live no fedora/)
  const clock = await correctionToLive(db(), name)
  assert.equal(clock.corrections, 1)
  assert((clock.medianMs ?? -1) >= 0)
})
