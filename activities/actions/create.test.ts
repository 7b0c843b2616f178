import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { businessKeyOf, type InboundAction, type InboundDecision, type InboundOrder } from '../../domain/inbound.ts'
import type { Stories } from '../../infra/temporal/stories.ts'
import { idOfKey } from '../../store/operations.ts'
import { tellUntold } from '../people/tell-untold.ts'
import { personMark } from '../../domain/words/match-text.ts'
import { recordEvent } from '../../store/messages/inbound-events.ts'
import { servingSetOf } from '../../store/versions/serving-sets.ts'
import { withRole } from '../../test/support/messages/corrections.ts'
import { useDatabase } from '../../test/support/database.ts'
import { rolloutScene } from '../../test/support/learning/rollout-scene.ts'
import type { CoordinatorMessage } from '../learning-contract.ts'
import { createPeopleActivities } from '../people/create.ts'
import { createActionActivities } from './create.ts'

/* What people ask of a bot itself, as the workflow's activities do it. */

const db = useDatabase()

async function scene(options: Parameters<typeof rolloutScene>[1] = {}) {
  const made = await rolloutScene(db(), options)
  const said = (userId: string) => ({
    bot: made.name,
    channel: 'slack' as const,
    businessKey: `${made.name}.${randomUUID()}`,
    authorId: userId,
    address: { kind: 'slack-ephemeral' as const, team: 'T1', channelId: 'C1', userId },
    sentAt: '2026-01-02T03:04:05.000Z',
  })
  const wishes: string[] = []
  const warnings: object[] = []
  // Whatever else is asked of Temporal fails: whoever is refused never gets there.
  const stories = {
    tellCoordinator: (message: CoordinatorMessage) => {
      if (message.kind === 'request') wishes.push(`${message.bot} ${message.request.reason}`)
      return Promise.resolve()
    },
  } as Stories
  const log = { warn: (fields: object) => void warnings.push(fields) }
  const operations = { db: db(), log, stories: () => Promise.resolve(stories), at: () => undefined }
  const activities = createActionActivities({ ...made.deps, operations })
  /** What the workflow does, each step twice, as when a process died after it. */
  const act = async (request: InboundAction) => {
    const businessKey = businessKeyOf(request)
    const event = { kind: 'request', transportKey: businessKey, eventType: 'test', request } as const
    await recordEvent(db(), event, { bot: made.name, channel: 'slack' })
    const row = await db()
      .selectFrom('inbound_events')
      .select('id')
      .where('business_key', '=', businessKey)
      .executeTakeFirstOrThrow()
    const ref = { bot: made.name, event: row.id, action: idOfKey(businessKey) }
    const words = [await activities.performAction(ref), await activities.performAction(ref)]
    for (let time = 0; time < 2; time++) await activities.answerAction(ref)
    assert.equal(words[0], words[1])
    return words[0]
  }
  const order = (asked: InboundOrder) => act({ kind: 'order', order: asked })
  const live = async () =>
    (await servingSetOf(db(), made.name))?.members.map(({ version, stage }) => `${version} ${stage}`)
  return { ...made, said, act, order, wishes, live, warnings }
}

test('a decision of somebody who may not is refused in our records, told once to them alone, and never reaches Temporal', async () => {
  const { said, act, posts, evidence, key, warnings } = await scene()
  const asked: InboundDecision = {
    ...said('U0STRANGER'),
    version: 2,
    evidenceId: await evidence(),
    decision: 'promote',
    reason: '',
  }
  assert.equal(await act({ kind: 'decision', decision: asked }), 'refused')
  assert.equal(posts.length, 1)
  assert.deepEqual(posts[0]?.address, asked.address)
  assert(!JSON.stringify(warnings).includes('U0STRANGER'))
  const { rows } = await sql<{ state: string }>`select state from decisions where bot = ${key.bot}`.execute(db())
  assert.deepEqual(rows, [{ state: 'refused' }])
})

test('a reviewer’s answer to a blind question is noted and nothing more is told; nobody else’s counts', async () => {
  const { said, act, deps, posts, scored, key } = await scene({ stage: 'canary' })
  await scored({ champion: 'fedora', challenger: 'no-fedora' })
  await createPeopleActivities(deps).askBlind(key)
  const { rows } = await sql<{ id: string }>`select id from blind_questions where bot = ${key.bot}`.execute(db())
  const stranger = { ...said('U0ANYBODY'), questionId: rows[0]?.id ?? '', label: 'no-fedora' }
  await act({ kind: 'blind-label', label: stranger })
  assert.match(posts.at(-1)?.text ?? '', /^Only reviewers of /)
  assert.equal((await sql`select 1 from blind_labels where question_id = ${rows[0]?.id}`.execute(db())).rows.length, 0)
  await withRole(db(), 'U0ONE', 'reviewer', key.bot)
  const label = { ...said('U0ONE'), questionId: rows[0]?.id ?? '', label: 'fedora' }
  posts.splice(0)
  await act({ kind: 'blind-label', label })
  const told = posts.filter(({ address }) => address.kind === 'slack-ephemeral')
  assert.deepEqual(
    told.map(({ text }) => text),
    ['settled fedora 1/2'],
  )
})

test('people without the role are told so, and nothing happens', async () => {
  const { said, order, wishes, posts, live, warnings, name: bot } = await scene()
  await order({ ...said('U0NOBODY'), order: 'train' })
  await order({ ...said('U0NOBODY'), order: 'rollback' })
  assert.deepEqual(
    [...new Set(warnings.map((each) => JSON.stringify(each)))],
    [JSON.stringify({ bot, operation: 'retrain' }), JSON.stringify({ bot, operation: 'roll-back' })],
  )
  assert.deepEqual(
    posts.map(({ text }) => /^Only \w+/.exec(text)?.[0]),
    ['Only reviewers', 'Only approvers'],
  )
  assert.deepEqual(wishes, [])
  assert.deepEqual(await live(), ['1 live', '2 canary'])
})

test('a reviewer asks for a retrain, and everybody may look at the versions', async () => {
  const { said, order, wishes, posts, name } = await scene()
  await withRole(db(), 'U0REVIEWER', 'reviewer', name)
  await order({ ...said('U0REVIEWER'), order: 'train' })
  await order({ ...said('U0ANYBODY'), order: 'versions' })
  assert.deepEqual(wishes, [`${name} person`])
  // Of a wish that is refused nobody hears later.
  assert.match(posts[0]?.text ?? '', /does not learn now: nothing new to learn from: 0 of 20 corrections/)
  assert.match(posts[1]?.text ?? '', /• v2 \(main\): canary since .*\n• v1 \(main\): live, baseline since/)
})

test('a rollback takes the version back that is on its way, and means the same when it is handed on again', async () => {
  const { said, order, posts, live, name } = await scene()
  await withRole(db(), 'U0APPROVER', 'approver', name)
  await order({ ...said('U0APPROVER'), order: 'rollback' })
  assert.deepEqual(await live(), ['1 live'])
  assert.deepEqual(
    posts.map(({ text }) => text),
    [`Version 2 of ${name} is taken back. Version 1 is answering.`],
  )
})

test('the channel hears once of a live version that a person took back', async () => {
  const { said, order, posts, live, name, deps } = await scene()
  await withRole(db(), 'U0APPROVER', 'approver', name)
  const members = [
    { slot: 'main', version: 1, stage: 'baseline', weight: 0, baseline: true },
    { slot: 'main', version: 2, stage: 'live', weight: 1, baseline: false },
  ]
  await sql`update serving_sets set members = ${JSON.stringify(members)} where bot = ${name}`.execute(db())
  await sql`update rollouts set ended_as = 'promoted', ended_at = now() where bot = ${name}`.execute(db())
  await order({ ...said('U0APPROVER'), order: 'rollback', version: 2 })
  assert.deepEqual(await live(), ['1 live'])
  await tellUntold(deps, ['another-bot'])
  assert.equal(posts.length, 1)
  for (let time = 0; time < 2; time++) await tellUntold(deps, ['another-bot', name])
  const news = posts.filter(({ address }) => address.kind === 'slack-channel').map(({ text }) => text)
  assert.deepEqual(news, [`Version 2 of ${name} was taken back by ${personMark}. Version 1 is answering.`])
})

test('the channel hears once of a retrain that made no version', async () => {
  const { posts, name, deps } = await scene()
  await sql`insert into retrains (bot, number, reason, state, outcome, finished_at) values
            (${name}, 7, 'person', 'failed', 'the disk is full', now()), (${name}, 8, 'person', 'succeeded', 'version 3', now()),
            (${name}, 6, 'person', 'failed', 'long ago', now() - interval '2 days')`.execute(db())
  for (let time = 0; time < 2; time++) await tellUntold(deps, [name])
  assert.deepEqual(
    posts.map(({ text }) => text.replace(/ http\S+$/, '')),
    [`Retrain 7 of ${name} made no new version: the disk is full. What answers now stays as it is.`],
  )
})

test('the reason of a rollback is kept, and a second person at the same moment takes nothing more back', async () => {
  const { said, order, posts, live, name } = await scene()
  for (const user of ['U0FIRST', 'U0SECOND']) await withRole(db(), user, 'approver', name)
  const members = [
    { slot: 'main', version: 1, stage: 'retired', weight: 0, baseline: true },
    { slot: 'main', version: 2, stage: 'live', weight: 1, baseline: false },
  ]
  await sql`update serving_sets set members = ${JSON.stringify(members)} where bot = ${name}`.execute(db())
  await order({ ...said('U0FIRST'), order: 'rollback', version: 2, reason: 'it says fedora to everything' })
  await order({ ...said('U0SECOND'), order: 'rollback' })
  assert.deepEqual(await live(), ['1 live'])
  assert.match(posts.at(-1)?.text ?? '', /^Somebody else has taken version 2 back a moment ago/)
  const { rows } = await sql`select version, went_back_to, reason from take_backs where bot = ${name}`.execute(db())
  assert.deepEqual(rows, [{ version: 2, went_back_to: 1, reason: 'it says fedora to everything' }])
})

test('a reviewer adds a label with a command and is told once; others are told whom to ask', async () => {
  const { said, act, posts, name } = await scene()
  const label = { id: 'bowler', words: 'a bowler hat' }
  const add = (userId: string) => act({ kind: 'label-addition', addition: { ...said(userId), label } })
  assert.equal(await add('U0ANYBODY'), 'not-allowed')
  await withRole(db(), 'U0REVIEWER', 'reviewer', name)
  assert.equal(await add('U0REVIEWER'), 'added')
  assert.equal(await add('U0REVIEWER'), 'refused')
  assert.deepEqual(
    posts.map(
      ({ text }) =>
        /^(?:Labels are added by reviewers|Added: bowler \(a bowler hat\)|.*already)/.exec(text)?.[0] !== undefined,
    ),
    [true, true, true],
  )
  const { rows } = await sql`select id from added_labels where bot = ${name}`.execute(db())
  assert.deepEqual(rows, [{ id: 'bowler' }])
})
