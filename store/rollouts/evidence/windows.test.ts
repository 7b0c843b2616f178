import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { guardLights } from '../../../domain/rollout/guards.ts'
import { choiceOf } from '../../../test/support/messages/corrections.ts'
import { useDatabase } from '../../../test/support/database.ts'
import { stagedRollout } from '../../../test/support/learning/staged-rollout.ts'
import { waitingRollout } from '../../../test/support/learning/waiting-rollout.ts'
import { saveChoices } from '../../messages/choices.ts'
import type { CorrectionState } from '../../../domain/correction.ts'
import { enterStage } from '../enter-stage.ts'
import { rolloutWindow } from './windows.ts'

const db = useDatabase()

const minutes = (count: number) => sql`make_interval(mins => ${count})`

interface Said {
  readonly version: number
  readonly minutesAgo: number
  readonly count: number
  /** So many of them people have corrected, today. */
  readonly corrected?: number
  readonly state?: CorrectionState
}

/** A rollout in its canary, which began half an hour ago, half an hour after its shadow; and what people saw and said. */
async function inCanary() {
  const scene = await waitingRollout(db())
  const { bot, ask, promote, approver } = scene
  const answer = async ({ version, minutesAgo, count, corrected = 0, state = 'accepted' }: Said) => {
    const messages: string[] = []
    for (let made = 0; made < count; made += 1) {
      const id = await ask()
      await saveChoices(db(), id, [{ position: 0, choice: { ...choiceOf('fedora'), version }, unsure: false }])
      await sql`update choices set decided_at = now() - ${minutes(minutesAgo)} where message_id = ${id}`.execute(db())
      if (made < corrected)
        await sql`insert into corrections (message_id, position, bot, state, label, decided_by, decided_at)
                  values (${id}, 0, ${bot}, ${state}, 'no-fedora', 'quorum', now())`.execute(db())
      messages.push(id)
    }
    return messages
  }
  await sql`update rollouts set shadow_at = now() - ${minutes(60)}, stage_since = now() - ${minutes(30)}
            where bot = ${bot}`.execute(db())
  await sql`update rollout_events set at = now() - ${minutes(30)} where bot = ${bot} and detail ->> 'stage' = 'canary'`.execute(
    db(),
  )
  /** A person said yes ten minutes ago. */
  const goesLive = async () => {
    assert.equal((await promote(await approver())).kind, 'promoted')
    await sql`update rollouts set stage_since = now() - ${minutes(10)} where bot = ${bot}`.execute(db())
  }
  const look = async () => {
    const rollout = (await scene.row()) ?? assert.fail('there is a rollout')
    const { version, champion, ...window } = await rolloutWindow(db(), rollout)
    const lights = guardLights({ version, champion, ...window }, rollout.numbers.guards)
    return {
      said: [version, champion].map(({ answers, corrections }) => `${corrections} of ${answers}`),
      light: lights.find(({ guard }) => guard === 'corrections')?.light,
    }
  }
  return { ...scene, answer, goesLive, look }
}

test('the window counts errors, answers that are none, late ones and those that never came', async () => {
  const scene = await stagedRollout(db())
  await scene.activities().openRollout({ ...scene.ref, demo: false })
  await enterStage(db(), { ...scene.ref, stage: 'shadow', step: 0 })
  await scene.ask({ 2: { label: 'no-fedora', evalMs: 400 } })
  await scene.ask({ 2: { error: 'ModelNotReady' } })
  await scene.ask({ 2: { probabilities: { fedora: null, 'no-fedora': 1 } } })
  await scene.ask({ 2: { label: 'top-hat' } })
  const never = await scene.ask({ 2: { silent: true } })
  await scene.ask({ 2: { silent: true } })
  await sql`update rollouts set stage_since = now() - interval '1 hour', shadow_at = now() - interval '1 hour'
            where bot = ${scene.bot}`.execute(db())
  await sql`update recordings set recorded_at = now() - interval '1 minute' where message_id = ${never}`.execute(db())
  const rollout = await scene.row()
  assert(rollout)
  const { version, champion, seen, compared, agreed } = await rolloutWindow(db(), rollout)
  assert.equal(seen, 5)
  const { requests, errors, invalid, deadlineMisses, p95Ms } = version
  assert.deepEqual(
    { requests, errors, invalid, deadlineMisses, p95Ms },
    { requests: 5, errors: 1, invalid: 2, deadlineMisses: 1, p95Ms: 400 },
  )
  assert.equal(champion.requests, 6)
  assert.deepEqual({ compared, agreed }, { compared: 3, agreed: 1 })
})

test('a champion that was corrected before the version answered does not hide that the version is corrected more', async () => {
  const { answer, look } = await inCanary()
  const [champion, version] = [1, 2]
  await answer({ version: champion, minutesAgo: 120, count: 8, corrected: 8 })
  await answer({ version: champion, minutesAgo: 45, count: 8, corrected: 8 })
  await answer({ version: champion, minutesAgo: 20, count: 4 })
  await answer({ version, minutesAgo: 20, count: 6, corrected: 5 })
  assert.deepEqual(await look(), { said: ['5 of 6', '0 of 4'], light: 'red' })
})

test('a champion that is corrected as often in the same time is no reason to roll back', async () => {
  const { answer, look } = await inCanary()
  for (const version of [1, 2]) await answer({ version, minutesAgo: 20, count: 6, corrected: 5 })
  assert.deepEqual(await look(), { said: ['5 of 6', '5 of 6'], light: 'green' })
})

test('only what people saw, and have settled, is an answer that was corrected', async () => {
  const { answer, look } = await inCanary()
  const one = { version: 2, minutesAgo: 20, count: 1, corrected: 1 }
  await answer(one)
  for (const state of ['open', 'confirmed', 'conflicted'] as const) await answer({ ...one, state })
  const [load, portrait] = [...(await answer(one)), ...(await answer(one))]
  await sql`update messages set synthetic = true where id = ${load ?? ''}`.execute(db())
  await sql`update messages set intent = 'none' where id = ${portrait ?? ''}`.execute(db())
  assert.deepEqual((await look()).said, ['1 of 4', '0 of 0'])
})

test('once a version is live its answers count anew, beside those that the champion gave until then', async () => {
  const { answer, look, goesLive } = await inCanary()
  await answer({ version: 1, minutesAgo: 45, count: 2, corrected: 2 })
  await answer({ version: 1, minutesAgo: 20, count: 4, corrected: 1 })
  await answer({ version: 2, minutesAgo: 20, count: 6, corrected: 5 })
  await goesLive()
  await answer({ version: 2, minutesAgo: 5, count: 3, corrected: 1 })
  assert.deepEqual((await look()).said, ['1 of 3', '1 of 4'])
})
