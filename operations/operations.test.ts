import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { ServiceUnavailable } from '../domain/errors.ts'
import type { Actor } from '../domain/people.ts'
import type { Stories } from '../infra/temporal/stories.ts'
import { personOf } from '../store/messages/messages.ts'
import { actorOf } from '../store/people/people.ts'
import { answered, cast, voteBy, withRole } from '../test/support/messages/corrections.ts'
import { correctionDefaults } from '../domain/correction.ts'
import { countVote } from '../store/corrections/count-vote.ts'
import { createPeopleActivities } from '../activities/people/create.ts'
import { testBot } from '../test/support/bots.ts'
import { useDatabase } from '../test/support/database.ts'
import { rolloutScene } from '../test/support/learning/rollout-scene.ts'
import { stagedRollout } from '../test/support/learning/staged-rollout.ts'
import { operationContext } from '../test/support/operations.ts'
import { addLabel } from './add-label.ts'
import { changeSchedule } from './change-schedule.ts'
import { decide } from './decide.ts'
import { labelBlindly, undoLabel } from './label-blindly.ts'
import type { Asked, OperationContext } from './operation.ts'
import { pause, resume } from './pause.ts'
import { cancelRetrain, retrain } from './retrain.ts'
import { retry } from './retry.ts'
import { reviewCorrection } from './review-correction.ts'
import { rollBack } from './roll-back.ts'
import { startRollout } from './start-rollout.ts'

/*
 * Every operation, killed between its act and its answer, and asked again with the same key: it is done once, told once in the audit,
 * and comes to the same. With the same key and another request it does nothing.
 */

const db = useDatabase()

class Killed extends Error {}

/** What Temporal was asked, each call by its name. */
function stories() {
  const calls: string[] = []
  const noting =
    <T>(name: string, result: T) =>
    () => {
      calls.push(name)
      return Promise.resolve(result)
    }
  const made: Partial<Stories> = {
    tellCoordinator: noting('tellCoordinator', undefined),
    cancelRetrain: noting('cancelRetrain', 'asked' as const),
    startRollout: noting('startRollout', 'started' as const),
    restartAnswer: noting('restartAnswer', undefined),
    tellReview: noting('tellReview', undefined),
    decide: noting('decide', 'stale'),
    changeSchedule: noting('changeSchedule', { cron: '0 3 * * 1', nextAt: null, paused: true, note: null }),
  }
  return { calls, stories: made }
}

type Ask = (context: OperationContext, asked: Asked) => Promise<{ readonly kind: string }>

interface Scene {
  readonly bot: string
  /** What is asked. */
  readonly ask: Ask
  /** The same with something else in it. */
  readonly other: Ask
  /** What it comes to. */
  readonly kind: string
  /** The audit rows that it writes. */
  readonly audit: readonly string[]
}

const person = async (role: 'reviewer' | 'approver' | 'admin', bot: string): Promise<Actor> =>
  actorOf(db(), await withRole(db(), `U${randomUUID()}`, role, bot))

async function corrected() {
  const { ref, prediction } = await answered(db())
  const target = { kind: 'prediction', ...ref } as const
  const { voteId } = await cast(db(), voteBy('U1', { target, label: 'no-fedora' }))
  await countVote(db(), voteId, { rulesOf: () => correctionDefaults, learnsFrom: () => true })
  return { ref, prediction }
}

async function asked() {
  const scene = await rolloutScene(db(), { stage: 'canary' })
  await scene.scored({ champion: 'fedora', challenger: 'no-fedora' })
  await createPeopleActivities(scene.deps).askBlind(scene.key)
  const { rows } = await sql<{ id: string }>`select id from blind_questions where bot = ${scene.name}`.execute(db())
  return { bot: testBot({ name: scene.name }), questionId: rows[0]?.id ?? '' }
}

const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  pause: () => {
    const bot = `pausing-${randomUUID()}`
    const ask: Ask = (context, by) => pause(context, { ...by, bot })
    const other: Ask = (context, by) => pause(context, { ...by, bot: 'another-bot' })
    return Promise.resolve({ bot, ask, other, kind: 'paused', audit: ['bot.paused'] })
  },
  resume: () => {
    const bot = `resuming-${randomUUID()}`
    const ask: Ask = (context, by) => resume(context, { ...by, bot, answerAll: false })
    const other: Ask = (context, by) => resume(context, { ...by, bot, answerAll: true })
    return Promise.resolve({ bot, ask, other, kind: 'resumed', audit: ['bot.resumed'] })
  },
  'add a label': () => {
    const bot = testBot({ name: `labelled-${randomUUID()}` })
    const add =
      (words: string): Ask =>
      (context, by) =>
        addLabel(context, { ...by, bot, label: { id: 'bowler', words } })
    const [ask, other] = [add('a bowler hat'), add('another hat')]
    return Promise.resolve({ bot: bot.name, ask, other, kind: 'added', audit: ['label.added'] })
  },
  'label blindly': async () => {
    const { bot, questionId } = await asked()
    const say =
      (label: string): Ask =>
      (context, by) =>
        labelBlindly(context, { ...by, bot, questionId, label })
    return { bot: bot.name, ask: say('fedora'), other: say('no-fedora'), kind: 'noted', audit: [] }
  },
  'undo a label': async () => {
    const { bot, questionId } = await asked()
    const ask: Ask = async (context, by) => {
      await labelBlindly(operationContext(db()), { ...by, key: `${by.key} first`, bot, questionId, label: 'fedora' })
      return undoLabel(context, { ...by, bot, questionId })
    }
    const other: Ask = (context, by) => undoLabel(context, { ...by, bot, questionId: randomUUID() })
    return { bot: bot.name, ask, other, kind: 'noted', audit: [] }
  },
  'roll back': async () => {
    const { name: bot } = await rolloutScene(db())
    const ask: Ask = (context, by) => rollBack(context, { ...by, bot, reason: 'it is wrong' })
    const other: Ask = (context, by) => rollBack(context, { ...by, bot, reason: 'another reason' })
    return { bot, ask, other, kind: 'taken-back', audit: ['serving-set.replaced', 'rollout.rolled-back'] }
  },
  'review a correction': async () => {
    const { ref } = await corrected()
    const bot = 'fedora-finder'
    const say =
      (decision: 'reject' | 'quarantine'): Ask =>
      (context, by) =>
        reviewCorrection(context, { ...by, ...ref, bot, decision })
    const [ask, other] = [say('reject'), say('quarantine')]
    return { bot, ask, other, kind: 'reviewed', audit: ['correction.rejected'] }
  },
  decide: async () => {
    const { name: bot, evidence } = await rolloutScene(db(), { stage: 'approval' })
    const evidenceId = await evidence()
    const say =
      (reason: string): Ask =>
      (context, by) =>
        decide(context, { ...by, bot, version: 2, evidenceId, decision: 'hold', reason })
    // The rollout's own check says that the card is an old one.
    return { bot, ask: say('wait'), other: say('go on'), kind: 'refused', audit: ['decision.refused'] }
  },
  'ask for a retrain': () => {
    const bot = testBot({ name: `learning-${randomUUID()}` })
    const ask: Ask = (context, by) => retrain(context, { ...by, bot, demo: false })
    const other: Ask = (context, by) => retrain(context, { ...by, bot, demo: true })
    return Promise.resolve({ bot: bot.name, ask, other, kind: 'asked', audit: ['retrain.requested'] })
  },
  'cancel a retrain': async () => {
    const bot = `cancelling-${randomUUID()}`
    await sql`insert into retrains (bot, number, reason, state) values (${bot}, 7, 'person', 'running')`.execute(db())
    const ask: Ask = (context, by) => cancelRetrain(context, { ...by, bot, number: 7 })
    const other: Ask = (context, by) => cancelRetrain(context, { ...by, bot, number: 8 })
    return { bot, ask, other, kind: 'asked', audit: ['retrain.cancelled'] }
  },
  'start a rollout': async () => {
    const { bot, register } = await stagedRollout(db())
    await register(4, 1)
    const ask: Ask = (context, by) => startRollout(context, { ...by, bot, version: 4, demo: false })
    const other: Ask = (context, by) => startRollout(context, { ...by, bot, version: 4, demo: true })
    return { bot, ask, other, kind: 'started', audit: ['rollout.requested'] }
  },
  retry: async () => {
    const { ref } = await answered(db())
    await sql`update messages set outcome = 'failed', finished_at = now() where id = ${ref.messageId}`.execute(db())
    await sql`delete from replies where message_id = ${ref.messageId}`.execute(db())
    const bot = 'fedora-finder'
    const ask: Ask = (context, by) => retry(context, { ...by, bot, messageId: ref.messageId })
    const other: Ask = (context, by) => retry(context, { ...by, bot, messageId: randomUUID() })
    return { bot, ask, other, kind: 'started', audit: ['message.retried'] }
  },
  'change a Schedule': () => {
    const bot = testBot({ name: `scheduled-${randomUUID()}` })
    const ask: Ask = (context, by) => changeSchedule(context, { ...by, bot, action: 'pause' })
    const other: Ask = (context, by) => changeSchedule(context, { ...by, bot, action: 'resume' })
    return Promise.resolve({ bot: bot.name, ask, other, kind: 'changed', audit: ['schedule.pause'] })
  },
}

const auditOf = async (actor: string) =>
  (await db().selectFrom('audit').select('action').where('actor', '=', actor).orderBy('seq').execute()).map(
    ({ action }) => action,
  )

for (const [name, scene] of Object.entries(scenes)) {
  test(`${name}: killed between act and answer, and asked again with its key, it is done once`, async () => {
    const { ask, other, kind, audit } = await scene()
    const actor = await person('admin', '*')
    const by = { actor, key: 'the key of this request' }
    const { stories: temporal } = stories()
    const dying = operationContext(db(), {
      stories: temporal,
      at: () => {
        throw new Killed()
      },
    })
    const context = operationContext(db(), { stories: temporal })
    await assert.rejects(ask(dying, by), Killed)
    const first = await ask(context, by)
    assert.equal(first.kind, kind)
    assert.deepEqual(await ask(context, by), first)
    assert.deepEqual(await auditOf(actor.id), audit)
    assert.deepEqual(await other(context, by), { kind: 'other-request' })
    assert.deepEqual(await auditOf(actor.id), audit)
    // Somebody else's key is another one, whatever it is called.
    const nobody = await actorOf(
      db(),
      await personOf(db(), { channel: 'slack', workspace: 'T1', platformUserId: randomUUID() }),
    )
    assert.notDeepEqual(await ask(context, { ...by, actor: nobody }), first)
  })
}

test('what Temporal could not take is told so, and the same key asks again', async () => {
  const { bot, ask, audit } = (await scenes['ask for a retrain']?.()) ?? assert.fail('it is there')
  const by = { actor: await person('reviewer', bot), key: 'again' }
  const out = { tellCoordinator: () => Promise.reject(new ServiceUnavailable('Temporal', 'it is out')) }
  assert.deepEqual(await ask(operationContext(db(), { stories: out }), by), { kind: 'unreachable' })
  assert.deepEqual(await auditOf(by.actor.id), [])
  assert.equal((await ask(operationContext(db(), stories()), by)).kind, 'asked')
  assert.deepEqual(await auditOf(by.actor.id), audit)
})

test('of two who send the same key at once, both hear of the one thing that was done', async () => {
  const { bot, ask, audit } = (await scenes['add a label']?.()) ?? assert.fail('it is there')
  const by = { actor: await person('reviewer', bot), key: 'at once' }
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(operationContext(db()), by)))
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    Array.from({ length: 5 }, () => 'added'),
  )
  assert.deepEqual(await auditOf(by.actor.id), audit)
})
