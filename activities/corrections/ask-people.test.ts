import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReplyAddress } from '../../domain/address.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { SendFailed } from '../../domain/errors.ts'
import { countVote } from '../../store/corrections/count-vote.ts'
import { savePicture } from '../../store/messages/media.ts'
import { recordModeration } from '../../store/messages/moderation.ts'
import { keepFile, questionOf } from '../../store/corrections/questions.ts'
import { correctionDeps, platform } from '../../test/support/messages/correction-scene.ts'
import { answered, cast, voteBy, withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { createCorrectionActivities } from './create.ts'

const db = useDatabase()

type Options = Parameters<typeof answered>[1] & { readonly bot?: Parameters<typeof correctionDeps>[1]['bot'] }

async function scene({ bot, ...options }: Options = {}) {
  const made = await answered(db(), options)
  const seen = platform()
  const deps = correctionDeps(db(), { channel: seen.channel, ...(bot && { bot }) })
  const activities = createCorrectionActivities(deps)
  const asks = (reason: 'unsure' | 'random' = 'unsure', position = 0) =>
    activities.askPeople({ messageId: made.id, position, reason })
  const settles = async (user: string, label?: string) => {
    const vote = voteBy(user, { target: { kind: 'prediction', ...made.ref }, ...(label !== undefined && { label }) })
    const { voteId } = await cast(db(), vote)
    return countVote(db(), voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  }
  return { ...made, ...seen, deps, activities, asks, settles }
}

test('a question stands in the people’s channel, with a button per label, and says what it is about', async () => {
  const { id, posts, asks, prediction, ref } = await scene()
  await asks()
  const [post, ...others] = posts
  assert.deepEqual(others, [])
  assert.deepEqual(post?.address, { kind: 'slack-channel', team: 'T1', channelId: 'C0PEOPLE' })
  assert(post.text.includes(`/conversations/${id}`))
  const [offer] = post.offers ?? []
  assert.deepEqual([offer?.kind, offer?.prediction, offer?.labels.length], ['buttons', prediction, 2])
  assert.equal((await questionOf(db(), ref))?.platformId, post.id)
})

test('a text is quoted, cut to a readable length; a link that a person typed is shown', async () => {
  const long = await scene({ bot: { family: 'text-classifier' }, message: { text: `who?\n${'a'.repeat(400)}` } })
  await long.asks()
  assert.match(long.posts[0]?.text ?? '', /“who\? a{195}…”/)
  const linked = await scene({ message: { subject: { kind: 'link', url: 'https://pictures.example/1.png' } } })
  await linked.asks()
  assert.match(linked.posts[0]?.text ?? '', /^https:\/\/pictures\.example\/1\.png\n/)
})

test('a question shows the picture when others may see it, and where it was asked, when others can read it there', async () => {
  const keptPicture = async (made: Awaited<ReturnType<typeof scene>>, verdict?: 'shown' | 'withheld') => {
    const sha256 = `sha-of-${made.id}`
    const normalised = { preprocessingVersion: '1', sha256: 'normalised' }
    const picture = { sha256, format: 'png', bytes: 1, width: 1, height: 1 }
    await savePicture(db(), picture, { normalised, messageId: made.id, position: 0 })
    await keepFile(db(), made.ref, 'F0PICTURE')
    if (verdict) await recordModeration(db(), { sha256, verdict, scores: {}, model: 'm' })
    await made.asks()
    return made.posts[0]?.about?.fileId
  }
  assert.equal(await keptPicture(await scene(), 'shown'), 'F0PICTURE')
  assert.equal(await keptPicture(await scene(), 'withheld'), undefined)
  assert.equal(await keptPicture(await scene()), undefined, 'nobody has judged it yet')
  const sourceOf = async (address?: ReplyAddress) => {
    const made = await scene({ ...(address && { message: { address } }) })
    await made.asks()
    return { ...made, source: made.posts[0]?.about?.source }
  }
  const inThread = await sourceOf()
  assert.deepEqual(inThread.source, {
    channelId: 'C1',
    messageId: inThread.message.businessKey.split('.').slice(2).slice(-2).join('.'),
  })
  const command = await sourceOf({ kind: 'slack-channel', team: 'T1', channelId: 'C1' })
  assert.deepEqual(command.source, { channelId: 'C1', messageId: command.replyTs })
  const direct = await sourceOf({ kind: 'slack-thread', team: 'T1', channelId: 'D1', threadTs: '1.1' })
  assert.equal(direct.source, undefined)
})

test('each picture of a message has a question of its own, and none is asked twice', async () => {
  const { asks, posts } = await scene({ labels: ['fedora', 'no-fedora'] })
  await asks('unsure', 0)
  await asks('unsure', 1)
  await asks('random', 1)
  assert.equal(new Set(posts.map(({ key }) => key)).size, 2)
  assert.equal(posts.length, 2)
})

test('nobody is asked where the bot has no channel for it, about load tests, over the cap, or about what is settled', async () => {
  const without = await scene({ bot: { peopleChannel: undefined } })
  const notInSlack = await scene({ bot: { channels: ['x'] } })
  const loadTest = await scene({ message: { synthetic: true } })
  const capped = await scene({ bot: { questionsPerDay: 0 } })
  const settled = await scene()
  await withRole(db(), 'R1', 'reviewer')
  await settled.settles('R1', 'no-fedora')
  for (const each of [without, notInSlack, loadTest, capped, settled]) {
    await each.asks()
    assert.deepEqual(each.posts, [])
  }
})

test('an attempt that did not end is taken up again, without a second question', async () => {
  const { asks, posts, channel, deps, ref } = await scene()
  const lost = createCorrectionActivities({
    ...deps,
    channelOf: () => ({
      ...channel,
      send: () => Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'rate' })),
    }),
  })
  await assert.rejects(lost.askPeople({ ...ref, reason: 'unsure' }), SendFailed)
  await asks()
  await asks()
  assert.equal(posts.length, 1)
})

test('a channel that never takes the question closes it', async () => {
  const { channel, deps, ref } = await scene()
  const gone = () => Promise.reject(new SendFailed({ delivery: 'not-sent', reason: 'is_archived', permanent: true }))
  const activities = createCorrectionActivities({ ...deps, channelOf: () => ({ ...channel, send: gone }) })
  await activities.askPeople({ ...ref, reason: 'unsure' })
  assert.equal((await questionOf(db(), ref))?.closed, true)
})

test('a question that was settled while it was on its way is closed at once', async () => {
  const { channel, deps, ref, settles, updates } = await scene()
  await withRole(db(), 'R2', 'reviewer')
  const send: typeof channel.send = async (reply) => {
    await settles('R2', 'no-fedora')
    return channel.send(reply)
  }
  await createCorrectionActivities({ ...deps, channelOf: () => ({ ...channel, send }) }).askPeople({
    ...ref,
    reason: 'unsure',
  })
  assert.match(updates[0]?.text ?? '', /settled no fedora/)
})

test('closing says what it was settled as, under the question’s own words; before that it does nothing', async () => {
  const { asks, activities, prediction, posts, updates, settles, ref } = await scene()
  await asks()
  await activities.closeQuestion({ prediction, revision: 1 })
  assert.equal(updates.length, 0)
  await settles('U1')
  await settles('U2')
  await settles('U3')
  await activities.closeQuestion({ prediction, revision: 2 })
  assert.equal(updates[0]?.text, `${posts[0]?.text ?? ''}\nundecided {label} {votes}/{needed}`)
  assert.equal((await questionOf(db(), ref))?.closed, true)
})

test('reviewers are asked once per conflict, and not about one that is over', async () => {
  const { activities, prediction, posts, settles } = await scene()
  await settles('U4', 'no-fedora')
  const { correction } = await settles('U5', 'fedora')
  const moment = { prediction, revision: correction.revision }
  await activities.askReviewers(moment)
  await activities.askReviewers(moment)
  assert.equal(posts.length, 1)
  await settles('U5', 'no-fedora')
  await activities.askReviewers({ ...moment, revision: correction.revision + 1 })
  assert.equal(posts.length, 1)
})

test('the asker of a command hears of it under the answer; nobody hears of what has changed since', async () => {
  const address = { kind: 'slack-channel', team: 'T1', channelId: 'C1' } as const
  const { activities, prediction, posts, settles, replyTs } = await scene({ message: { address } })
  await withRole(db(), 'R3', 'reviewer')
  const { correction } = await settles('R3', 'no-fedora')
  await activities.tellOther({ prediction, revision: correction.revision - 1, to: { kind: 'asker' } })
  assert.equal(posts.length, 0)
  await activities.tellOther({ prediction, revision: correction.revision, to: { kind: 'asker' } })
  assert.deepEqual(posts[0]?.address, { ...address, kind: 'slack-thread', threadTs: replyTs })
})

test('on X a vote gets one reply, with a text of its own, and no later news', async () => {
  const target = { kind: 'x-post', accountId: '1', postId: '5' } as const
  const { activities, id, posts } = await scene({ message: { channel: 'x', address: target } })
  const tallies = []
  for (const postId of ['6', '7']) {
    const vote = voteBy(`X${postId}`, {
      channel: 'x',
      via: 'reply',
      target: { kind: 'prediction', messageId: id, position: 0 },
      label: 'no-fedora',
      address: { ...target, postId },
    })
    const { voteId } = await cast(db(), vote)
    const tally = await activities.countVote({ voteId })
    await activities.tellVoter({ voteId, tally })
    tallies.push(tally)
  }
  assert.deepEqual(tallies.at(-1)?.others, [])
  assert.deepEqual(
    posts.map((post) => post.address.kind === 'x-post' && post.address.postId),
    ['6', '7'],
  )
  for (const { text } of posts) assert.match(text, / · [0-9a-f]{8}$/)
})
