import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCorrectionActivities } from '../../activities/corrections/create.ts'
import { openStories } from '../../infra/temporal/stories.ts'
import { votesWaitingFor } from '../../store/corrections/votes.ts'
import { botAttribute, channelAttribute } from '../../workflows/messages.ts'
import { correctionScene, withCorrectionWorker } from '../support/messages/correction-scene.ts'
import { bot, withRole } from '../support/messages/corrections.ts'
import { useDatabase } from '../support/database.ts'
import { useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()
const db = useDatabase()

const scene = () => correctionScene({ db: db(), client: temporal.client() })

type Scene = Awaited<ReturnType<typeof scene>>

const working = ({ deps }: Scene, during: () => Promise<void>) =>
  withCorrectionWorker(temporal.environment(), { deps }, during)

test('two people who agree settle it, and every step is told: noted, accepted, and the asker in the thread', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U1', 'no-fedora')
    await s.counted(1)
    const details = JSON.stringify(await s.handle().query('__temporal_workflow_metadata'))
    assert.match(details, /open.*votes: 1 of 2/)
    await s.votes('U2', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  })
  assert.deepEqual(s.told('U1'), ['noted no fedora 1/2', 'settled no fedora {votes}/{needed}'])
  assert.deepEqual(s.told('U2'), ['accepted no fedora 2/2'])
  const inThread = s.posts.filter(({ address }) => address.kind === 'slack-thread')
  assert.deepEqual(
    inThread.map(({ address }) => address),
    [s.message.address],
  )
  const { typedSearchAttributes } = await s.handle().describe()
  assert.equal(typedSearchAttributes.get(botAttribute), bot)
  assert.equal(typedSearchAttributes.get(channelAttribute), 'slack')
})

test('a reviewer settles it alone', async () => {
  const s = await scene()
  await withRole(db(), 'REVIEWER1', 'reviewer')
  await working(s, async () => {
    await s.votes('REVIEWER1', 'fedora')
    assert.deepEqual(await s.handle().result(), { state: 'confirmed', label: 'fedora' })
  })
  // Nobody was asked and the answer was right: the asker is left alone.
  assert.deepEqual(
    s.posts.map(({ text }) => text),
    ['confirmed fedora 1/2'],
  )
})

test('a conflict goes to the reviewers, whose vote starts a new run that settles it and closes the questions', async () => {
  const s = await scene()
  await withRole(db(), 'REVIEWER2', 'reviewer', '*')
  await createCorrectionActivities(s.deps).askPeople({ messageId: s.id, position: 0, reason: 'unsure' })
  await working(s, async () => {
    await s.votes('U3', 'no-fedora')
    await s.votes('U4', 'fedora')
    assert.deepEqual(await s.handle().result(), { state: 'conflicted' })
    const conflicted = (await s.handle().describe()).runId
    const [question, review] = s.posts.filter(({ offers }) => offers)
    assert.deepEqual(review?.address, {
      kind: 'slack-thread',
      team: 'T1',
      channelId: 'C0PEOPLE',
      threadTs: question?.id,
    })
    assert.match(review.text, /fedora.*no fedora|no fedora.*fedora/)
    await s.votes('REVIEWER2', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
    assert.notEqual((await s.handle().describe()).runId, conflicted)
    assert.deepEqual(
      s.updates.map(({ id }) => id),
      [question?.id, review.id],
    )
    for (const { text } of s.updates) assert.match(text, /settled no fedora/)
  })
})

test('a vote after the end starts a new run, which goes on from what the store knows', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U5', 'no-fedora')
    await s.votes('U6', 'no-fedora')
    await s.handle().result()
    const first = (await s.handle().describe()).runId
    await s.votes('U7', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
    assert.notEqual((await s.handle().describe()).runId, first)
  })
  assert.deepEqual(s.told('U7'), ['accepted no fedora 3/2'])
  assert.equal(s.told('U5').length, 2)
})

test('a redelivered vote is counted once and told once, even to a new run', async () => {
  const s = await scene()
  await working(s, async () => {
    const vote = await s.votes('U8', 'no-fedora')
    await openStories(temporal.client()).castVote(vote)
    await s.counted(1)
    await s.votes('U9', 'no-fedora')
    await s.handle().result()
    await openStories(temporal.client()).castVote(vote)
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  })
  assert.deepEqual(await s.verdictsOf(), ['counted', 'counted'])
  assert.equal(s.told('U8').length, 2)
})

test('two votes at once, cast before any worker is up, are both counted', async () => {
  const s = await scene()
  await Promise.all([s.votes('U10', 'no-fedora'), s.votes('U11', 'no-fedora')])
  await working(s, async () => {
    assert.deepEqual(await s.handle().result(), { state: 'accepted', label: 'no-fedora' })
  })
  assert.deepEqual(await s.verdictsOf(), ['counted', 'counted'])
})

test('votes that waited for their prediction are handed on in their order', async () => {
  const s = await scene()
  await s.casts('U19', 'fedora')
  await sleep(5)
  await s.casts('U19', 'no-fedora')
  await working(s, async () => {
    for (const vote of await votesWaitingFor(db(), s.id)) await openStories(temporal.client()).castVote(vote)
    await s.counted(2)
  })
  assert.deepEqual((await s.verdictsOf()).toSorted(), ['counted', 'superseded'])
})

test('no word of a person and no id of theirs enters the history', async () => {
  const s = await scene()
  await working(s, async () => {
    await s.votes('U20PRIVATE', 'no-fedora')
    await s.votes('U21PRIVATE', 'no-fedora')
    await s.handle().result()
  })
  const history = JSON.stringify(await s.handle().fetchHistory())
  const payloads = [...history.matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  )
  const all = `${history}${payloads.join(' ')}`
  // The payloads are read: what may be there is there.
  assert(all.includes('no-fedora') && all.includes(s.prediction))
  for (const secret of ['U20PRIVATE', 'U0ASKER', 'is this a fedora', 'C1"']) assert(!all.includes(secret), secret)
})

test('strangers are told that a reviewer looks first; the question stays open and the asker hears of no answer', async () => {
  const s = await scene()
  const rulesOf = () => ({ ...s.deps.rulesOf(bot), knownForMs: { slack: 60_000, x: 60_000, http: 0 } })
  const deps = { ...s.deps, rulesOf }
  await createCorrectionActivities(deps).askPeople({ messageId: s.id, position: 0, reason: 'unsure' })
  await working({ ...s, deps }, async () => {
    await s.votes('STRANGER1', 'no-fedora')
    await s.votes('STRANGER2', 'no-fedora')
    assert.deepEqual(await s.handle().result(), { state: 'quarantined', label: 'no-fedora' })
  })
  assert.deepEqual(s.told('STRANGER1'), ['noted no fedora 1/2', 'newHere no fedora {votes}/{needed}'])
  assert.deepEqual(s.told('STRANGER2'), ['newHere no fedora 2/2'])
  assert.deepEqual(s.updates, [])
  assert.doesNotMatch(s.posts.map(({ text }) => text).join(), /toAsker/)
})

test('who would flip a sure answer that was confirmed is told that a reviewer decides, and the reviewers are asked', async () => {
  const s = await scene()
  await db().updateTable('choices').set({ confidence: 0.97 }).where('message_id', '=', s.id).execute()
  await working(s, async () => {
    for (const [label, state] of [
      ['fedora', 'confirmed'],
      ['no-fedora', 'conflicted'],
    ] as const) {
      await s.votes('FLIP1', label)
      await s.counted(label === 'fedora' ? 1 : 3)
      await s.votes('FLIP2', label)
      assert.equal((await s.handle().result()).state, state)
    }
  })
  assert.equal(s.told('FLIP2').at(-1), 'wasConfirmed no fedora 2/2')
  const asked = s.posts.flatMap(({ offers, text }) => (offers ? [text] : []))
  assert.match(asked.at(-1) ?? '', /People had confirmed fedora, and now say no fedora/)
})
