import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { rolloutEvents } from '../../store/rollouts/rollouts.ts'
import { useDatabase } from '../support/database.ts'
import { assertRolledBack, type Play, playOn } from '../support/learning/playing-rollout.ts'
import { eventually } from '../support/platforms/platform.ts'
import { useTemporal } from '../support/workflow-environment.ts'

/* On a very busy machine the red light does not come while the promotion waits (the cause is not found yet), so it runs when it is asked for. */

const temporal = useTemporal()
const db = useDatabase()
const playing = playOn({ temporal, db })

const isRed = ({ lights }: Readonly<Record<string, unknown>>): boolean => JSON.stringify(lights ?? {}).includes('red')

test('a guard that trips while a promotion waits for a warm version is heard', async () => {
  const doorOfPromotion = new EventEmitter()
  const opened = once(doorOfPromotion, 'open')
  const at = async (point: string) => {
    if (point === 'rollout.promote.before') await opened
  }
  const during = async (play: Play) => {
    const evidence = await play.toApproval()
    const promoting = play.update(await play.decides('promote', await play.approver(), evidence.id))
    await play.asks(3, { error: 'ModelNotReady' })
    await eventually(
      async () => (await rolloutEvents(db(), play.ref)).some(({ detail }) => isRed(detail)) || undefined,
      { timeoutMs: 20_000, what: 'a red light' },
    )
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
