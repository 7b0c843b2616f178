import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { sql } from 'kysely'
import { rolloutDefaults } from '../../domain/learning/numbers.ts'
import { useDatabase } from '../../test/support/database.ts'
import { stagedRollout } from '../../test/support/learning/staged-rollout.ts'
import { rollBack } from '../../operations/roll-back.ts'
import { operationContext } from '../../test/support/operations.ts'
import { actorOf } from '../people/people.ts'
import { insertRollout, moveRollout } from '../rollouts/rollouts.ts'
import { lockServingSet, replaceServingSet } from '../versions/serving-sets.ts'
import { takeBack } from './take-back.ts'

const db = useDatabase()

/** A person asks for it, each time anew. */
const order = async ({
  personId,
  ...wanted
}: Omit<Parameters<typeof rollBack>[1], 'actor' | 'key'> & { readonly personId: string }) =>
  rollBack(operationContext(db()), { ...wanted, actor: await actorOf(db(), personId), key: randomUUID() })

/** A bot whose third version is live, with others if need be; each was made from the one before. */
async function scene(others: readonly number[] = []) {
  const made = await stagedRollout(db())
  const { bot } = made
  await made.register(3, 2)
  const members = [...others, 3].map(
    (version) => ({ slot: 'main', version, stage: 'live', weight: 1, baseline: false }) as const,
  )
  const change = { bot, set: { policy: 'primary-then-best', members }, actor: 'test' } as const
  await db()
    .transaction()
    .execute((trx) => replaceServingSet(trx, change))
  const live = async () => (await made.members()).flatMap(({ version, stage }) => (stage === 'live' ? [version] : []))
  const kept = async () => {
    const { rows } = await sql<{ version: number; went_back_to: number }>`
      select version, went_back_to from take_backs where bot = ${bot}`.execute(db())
    return rows
  }
  return { ...made, live, kept, order: (personId: string) => order({ bot, personId, reason: 'it is wrong' }) }
}

/** Both have looked at what serves before either may change it. */
const atOnce = async <T>(bot: string, calls: readonly (() => Promise<T>)[]): Promise<readonly T[]> =>
  Promise.all(
    await db()
      .transaction()
      .execute(async (trx) => {
        await lockServingSet(trx, bot)
        const started = calls.map((call) => call())
        await sleep(300)
        // Handed out in an array: a transaction that waited for them would never end.
        return started
      }),
  )

test('of two people who take the same version back at once one does, and the version before it stays', async () => {
  const { bot, approver, live } = await scene()
  const people = [await approver(), await approver()]
  const answers = await atOnce(
    bot,
    people.map((personId) => () => takeBack(db(), { bot, version: 3, personId, reason: 'worse' })),
  )
  assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ['refused', 'taken-back'])
  assert.deepEqual(await live(), [2])
})

test('orders that name no version mean the one that was live when they came, of one person as of two', async () => {
  for (const people of [1, 2]) {
    const { bot, approver, live, kept, order } = await scene()
    const first = await approver()
    const second = people === 1 ? first : await approver()
    const answers = await atOnce(bot, [() => order(first), () => order(second)])
    assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ['refused', 'taken-back'])
    assert.deepEqual(await live(), [2])
    assert.deepEqual(await kept(), [{ version: 3, went_back_to: 2 }])
  }
})

test('whoever comes a moment later, and names none, is told what another has taken back', async () => {
  const { approver, live, order } = await scene()
  assert.deepEqual(await order(await approver()), { kind: 'taken-back', version: 3, to: 2 })
  const later = await order(await approver())
  assert.match(later.kind === 'refused' ? later.text : later.kind, /^Somebody else has taken version 3 back/)
  assert.deepEqual(await live(), [2])
})

test('no version goes without a record of who took it back', async () => {
  const { bot, live } = await scene()
  // Nobody of ours: the record cannot be written.
  const order = { bot, version: 3, personId: randomUUID(), reason: 'worse' }
  await assert.rejects(takeBack(db(), order), /take_backs/)
  assert.deepEqual(await live(), [3])
})

test('of two orders for the same version to come back, one moves what answers', async () => {
  const { bot, approver, live, kept } = await scene([1, 2])
  const personId = await approver()
  const back = () => order({ bot, to: 1, personId, reason: 'the first was right' })
  const answers = await atOnce(bot, [back, back])
  assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ['refused', 'taken-back'])
  assert.deepEqual(await live(), [1, 2])
  assert.deepEqual(await kept(), [{ version: 3, went_back_to: 1 }])
})

test('a version to come back takes the place of the version that is named with it, and of no other', async () => {
  const { bot, approver, live } = await scene()
  const asked = { bot, to: 1, personId: await approver(), reason: 'the first was right' }
  assert.equal((await order({ ...asked, version: 2 })).kind, 'refused')
  assert.deepEqual(await live(), [3])
  assert.deepEqual(await order({ ...asked, version: 3 }), { kind: 'taken-back', version: 3, to: 1 })
})

test('a version that is still watched makes way for the version that is named, not for its champion', async () => {
  const { bot, approver, live } = await scene()
  await db()
    .transaction()
    .execute(async (trx) => {
      await insertRollout(trx, {
        bot,
        version: 3,
        slot: 'main',
        champion: 2,
        mode: 'replace',
        numbers: rolloutDefaults,
      })
      await moveRollout(trx, { bot, version: 3, stage: 'bake', step: 0 })
    })
  const asked = { bot, to: 1, personId: await approver(), reason: 'the first was right' }
  assert.deepEqual(await order(asked), { kind: 'taken-back', version: 3, to: 1 })
  assert.deepEqual(await live(), [1])
})

test('a candidate on its way makes way for a version that is live already, once', async () => {
  const { bot, ref, approver, activities, warm, members } = await stagedRollout(db())
  const personId = await approver()
  await activities().openRollout({ ...ref, demo: false })
  await warm()
  await activities().enterStage({ ...ref, stage: 'canary', step: 0 })
  const back = () => order({ bot, to: 1, personId, reason: 'enough' })
  const answers = await atOnce(bot, [back, back])
  assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ['refused', 'taken-back'])
  assert.deepEqual(
    (await members()).map(({ version, stage }) => `v${version} ${stage}`),
    ['v1 live'],
  )
})
