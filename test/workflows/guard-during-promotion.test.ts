import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { rolloutEvents } from '../../store/rollouts/rollouts.ts'
import { useDatabase } from '../support/database.ts'
import { assertRolledBack, type Play, playOn } from '../support/learning/playing-rollout.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

const temporal = useTemporal()
const db = useDatabase()
const playing = playOn({ temporal, db })

/** Until a look at the guards has found the light of errors in this colour. */
const until = (play: Play, colour: 'yellow' | 'red') =>
  eventually(
    async () =>
      (await rolloutEvents(db(), play.ref)).some(
        ({ detail }) => (detail['lights'] as Record<string, string> | undefined)?.['errors'] === colour,
      ) || undefined,
    { timeoutMs: 20_000, what: `a ${colour} light` },
  )

test('a guard that trips while a promotion waits for a warm version is heard', async () => {
  const doorOfPromotion = new EventEmitter()
  const opened = once(doorOfPromotion, 'open')
  const at = async (point: string) => {
    if (point === 'rollout.promote.before') await opened
  }
  const during = async (play: Play) => {
    const evidence = await play.toApproval()
    const promoting = play.update(await play.decides('promote', await play.approver(), evidence.id))
    // A yellow light makes the card another one, which ends the watch of it; the guards are watched on all the same.
    await play.asks(1, { error: 'ModelNotReady' })
    await until(play, 'yellow')
    await play.asks(2, { error: 'ModelNotReady' })
    await until(play, 'red')
    // The watch's end is on its way to the workflow, which waits for the promotion.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    doorOfPromotion.emit('open')
    await promoting
    await assertRolledBack(play, 'rolled-back')
  }
  // Whatever fails: an activity that waits for the door would keep the worker from ending.
  const andOpen = (play: Play) => during(play).finally(() => doorOfPromotion.emit('open'))
  await playing({}, andOpen, { at })
})
