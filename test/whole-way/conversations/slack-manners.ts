import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lockedOutBots } from '../../../store/alerts.ts'
import { pauseBot, resumeBot } from '../../../store/pauses.ts'
import { families } from '../../../models/families/index.ts'
import { loadBots } from '../../../workers/bots/bots.ts'
import { type People, peopleOf, type SeenPost } from '../../support/messages/people.ts'
import { call, eventually, tell } from '../../support/platforms/platform.ts'
import { slackPlatform } from '../../support/platforms/slack.ts'
import { z } from 'zod'
import { hatPicture } from '../pictures.ts'
import { finishedMessage } from '../use-stack.ts'
import { stack } from './stack.ts'

const bot = 'fedora-finder'
const other = 'team-router'

const control = (path: string, body: unknown) => tell(`${stack().urls.slack}/_sim/${path}`, body)
const peopleWith = (name: string): People =>
  peopleOf(stack().urls.slack, { name, userId: stack().secrets.bots[name]?.slack.botUserId ?? '' })
const wordsOf = async (name: string) => {
  const found = (await loadBots(families)).find((each) => each.name === name)
  assert(found)
  return found.words
}

let strangers = 0
/** The bot of the other installation answers somebody, whatever this one meets. */
async function assertOthersGoOn(): Promise<void> {
  const channel = `C0OTHERS${(strangers += 1)}`
  const asked = await peopleWith(other).says('U0BEN', '@bot who looks after the date picker?', { channel })
  await peopleWith(other).waits(channel, (seen) => seen.bot === other && seen.threadTs === asked, { what: 'an answer' })
}

const directMessages = async (user: string): Promise<readonly SeenPost[]> => {
  const shape = z.object({ channel: z.looseObject({ id: z.string() }) })
  const { channel } = await call(shape, `${stack().urls.slack}/api/conversations.open`, {
    token: stack().secrets.bots[bot]?.slack.botToken,
    users: user,
  })
  return peopleWith(bot).sees(channel.id)
}

test('after 30 answers within an hour a conversation is told once that the bot is silent, and others are answered', async () => {
  const slack = slackPlatform(stack())
  const place = 'D0LOOP'
  const says = (text: string) => slack.ask({ place, extra: { text, user: 'U0LOOP' } })
  const outcomesOf = (ids: readonly string[]) =>
    Promise.all(ids.map((id) => finishedMessage(stack(), slack.workflowId(id))))
  const first = await Promise.all(Array.from({ length: 30 }, (_, at) => says(`and another word, number ${at}`)))
  await outcomesOf(first)
  // Several at once, as a bot that answers a bot would write, and one later.
  const beyond = await Promise.all(Array.from({ length: 4 }, (_, at) => says(`one more, number ${at}`)))
  const ended = [...(await outcomesOf(beyond)), ...(await outcomesOf([await says('still there?')]))]
  assert.deepEqual(
    ended.map(({ outcome, reason }) => [outcome, reason]),
    ended.map(() => ['refused', 'enough-said']),
  )
  const said = (await peopleWith(bot).sees(place)).filter((seen) => seen.bot === bot)
  const { refusals } = await wordsOf(bot)
  assert.equal(said.length, 31)
  assert.equal(said.filter(({ text }) => text === refusals['enough-said']).length, 1)
  const elsewhere = await slack.ask({ place: 'D0CALM', extra: { text: 'hello', user: 'U0CALM' } })
  assert.equal((await finishedMessage(stack(), slack.workflowId(elsewhere))).reason, 'no-picture')
})

test('an archived channel ends its messages as failed at once; each person hears of it once, in private', async () => {
  const slack = slackPlatform(stack())
  const place = 'C0ARCHIVED'
  const withoutDelivery = { copies: 0, twins: false, newEventIds: 0 }
  const asks = (user: string) =>
    slack.ask({ place, pictures: [], deliveries: withoutDelivery, extra: { user, text: '@fedora-finder hello' } })
  const ids = [await asks('U0ADA'), await asks('U0ADA'), await asks('U0BEN')]
  await control('channels', { channel: place, archived: true })
  for (const id of ids) await slack.redeliver(id)
  for (const id of ids) {
    const { outcome, reason } = await finishedMessage(stack(), slack.workflowId(id))
    assert.deepEqual([outcome, reason], ['failed', 'is_archived'])
  }
  const { elsewhere } = await wordsOf(bot)
  for (const user of ['U0ADA', 'U0BEN']) {
    const told = await eventually(
      async () => {
        const found = (await directMessages(user)).filter(({ text }) => text === elsewhere)
        return found.length > 0 ? found : undefined
      },
      { timeoutMs: 10_000, what: `what ${user} is told` },
    )
    assert.equal(told.length, 1, user)
  }
  await assertOthersGoOn()
})

test('a channel that the bot was taken out of meanwhile ends the message as failed, and the person is told', async () => {
  const slack = slackPlatform(stack())
  const { db } = stack()
  await pauseBot(db, bot, 'an operator')
  const id = await slack.ask({ place: 'C0LEFT', extra: { user: 'U0CHLOE' } })
  await control('channels', { channel: 'C0LEFT', members: [], left: [bot] })
  await resumeBot(db, { bot, actor: 'an operator', answerAll: true })
  const { outcome, reason } = await finishedMessage(stack(), slack.workflowId(id))
  assert.deepEqual([outcome, reason], ['failed', 'not_in_channel'])
  assert.equal((await slack.repliesTo(id)).length, 0)
  const { elsewhere } = await wordsOf(bot)
  await eventually(async () => (await directMessages('U0CHLOE')).find(({ text }) => text === elsewhere), {
    timeoutMs: 10_000,
    what: 'what Chloe is told',
  })
  await assertOthersGoOn()
})

test('an answer to a command goes by the command’s own address where the bot is not in; used up, it fails visibly', async () => {
  const people = peopleWith(bot)
  const picture = await hatPicture('by command')
  await control('pictures', { path: '/by-command.png', base64: picture.base64 })
  const types = async (channel: string, user: string) => {
    await control('channels', { channel, members: [], left: [bot] })
    await people.types(user, '/predict https://pictures.example/by-command.png', { channel })
  }
  await types('C0PRIVATE', 'U0DMITRI')
  await people.waits('C0PRIVATE', (seen) => seen.bot === bot && seen.text.startsWith('fedora: '), { what: 'an answer' })
  // No token guards that address, so a fault stands for five uses.
  await control('faults', { method: 'response_url', kind: 'status', status: 404, times: 1 })
  await types('C0USEDUP', 'U0DMITRI')
  const row = await eventually(
    () =>
      stack()
        .db.selectFrom('messages')
        .select(['outcome', 'outcome_reason as reason'])
        .where('outcome_reason', 'like', 'response_url_%')
        .executeTakeFirst(),
    { timeoutMs: 30_000, what: 'the outcome' },
  )
  assert.deepEqual([row.outcome, row.reason], ['failed', 'response_url_404'])
  const { elsewhere } = await wordsOf(bot)
  await eventually(async () => (await directMessages('U0DMITRI')).find(({ text }) => text === elsewhere), {
    timeoutMs: 10_000,
    what: 'what Dmitri is told',
  })
  await assertOthersGoOn()
})

test('an expired trigger opens no form: the person is told what else to do, once', async () => {
  const people = peopleWith(bot)
  await control('faults', { method: 'views.open', kind: 'ok_false', error: 'expired_trigger_id', times: 1 })
  const channel = 'C0PICTURES'
  const before = new Set((await people.sees(channel)).map(({ ts }) => ts))
  const isNew = (seen: SeenPost) => seen.bot === bot && !before.has(seen.ts)
  await people.types('U0ADA', '/predict', { channel })
  const { refusals } = await wordsOf(bot)
  await people.waits(channel, (seen) => isNew(seen) && seen.text === refusals['no-picture'], { what: 'a refusal' })
  assert.equal((await people.sees(channel)).filter(isNew).length, 1)
})

test('a shortcut whose trigger has expired opens no form: the person is told so, once', async () => {
  const people = peopleWith(bot)
  const channel = 'C0GENERAL'
  const asked = await people.says('U0BEN', '@bot hello', { channel })
  const answer = await people.waits(channel, (seen) => seen.bot === bot && seen.threadTs === asked, {
    what: 'an answer',
  })
  await control('faults', { method: 'views.open', kind: 'ok_false', error: 'expired_trigger_id', times: 1 })
  await people.shortcut('U0BEN', 'correct', answer)
  const told = (seen: SeenPost) =>
    seen.ephemeral && seen.user === 'U0BEN' && seen.text.includes('could not open the form')
  await people.waits(channel, told, { what: 'what Ben is told' })
  assert.equal((await people.sees(channel)).filter(told).length, 1)
})

test('a file that the bot may not ask about is refused with the reason, not asked for until tomorrow', async () => {
  const slack = slackPlatform(stack())
  await control('apps', { bot, missingScopes: ['files:read'] })
  const stub = { ...(await hatPicture('stub')), stub: true }
  const id = await slack.ask({ pictures: [stub], place: 'C0NOFILES' })
  const { outcome, reason } = await finishedMessage(stack(), slack.workflowId(id))
  assert.deepEqual([outcome, reason], ['refused', 'login-page'])
  assert.equal((await slack.repliesTo(id)).length, 1)
  await control('apps', { bot, missingScopes: [] })
})

test('a reply that may be visible, and cannot be looked for without its scope, is not repeated and ends visibly', async () => {
  const slack = slackPlatform(stack())
  await control('apps', { bot, missingScopes: ['channels:history'] })
  await slack.faults({ kind: 'reset_after_accept', times: 1 })
  const id = await slack.ask({ place: 'C0BLIND' })
  const { id: messageId, outcome } = await finishedMessage(stack(), slack.workflowId(id), 60_000)
  assert.equal(outcome, 'refused')
  const { state, failure } = await stack()
    .db.selectFrom('replies')
    .select(['state', 'failure'])
    .where('message_id', '=', messageId)
    .executeTakeFirstOrThrow()
  assert.deepEqual([state, failure], ['unconfirmed', 'missing_scope'])
  assert.equal((await slack.repliesTo(id)).length, 1)
  await control('apps', { bot, missingScopes: [] })
})

for (const [what, lose, reason, place] of [
  ['a missing scope', { missingScopes: ['chat:write'] }, 'missing_scope', 'C0SCOPE'],
  ['a revoked token', undefined, 'token_revoked', 'C0TOKEN'],
] as const)
  test(`${what} ends messages as failed at once; operators are told once, for all of them, and another bot goes on`, async () => {
    const slack = slackPlatform(stack())
    if (lose) await control('apps', { bot, ...lose })
    // A simulator whose app was removed sends it no events, as Slack: the token goes while the answer is on its way.
    else await slack.faults({ kind: 'ok_false', error: reason, times: 2 })
    const ids = await Promise.all(['one', 'two'].map((text) => slack.ask({ text, place })))
    for (const id of ids) {
      const ended = await finishedMessage(stack(), slack.workflowId(id))
      assert.deepEqual([ended.outcome, ended.reason], ['failed', reason])
    }
    assert.deepEqual(await lockedOutBots(stack().db), [{ bot, channel: 'slack', failure: reason }])
    await assertOthersGoOn()
    await control('apps', { bot, missingScopes: [] })
    const later = await slack.ask({ place })
    await finishedMessage(stack(), slack.workflowId(later))
    assert.deepEqual(await lockedOutBots(stack().db), [])
  })
