import { rolloutWorkflowId } from '../../../domain/keys.ts'
import { type Play, playOn } from '../../../test/support/learning/playing-rollout.ts'
import { eventually } from '../../../test/support/platforms/platform.ts'
import { patienceMs } from '../small-stack.ts'
import type { Ground } from './ground.ts'

/* Rollouts on a real database, whose people and models are stand-ins. */

const playing = ({ environment, db }: Ground) =>
  playOn({
    temporal: {
      environment: () => environment,
      client: () => environment.client,
    },
    db: () => db,
  })

const promotes = async (play: Play): Promise<void> => {
  const evidence = await play.toApproval()
  await play.update(await play.decides('promote', await play.approver(), evidence.id))
}

interface Story {
  /** Requests that are watched after the promotion. */
  readonly bakeRequests?: number
  readonly play: (play: Play) => Promise<unknown>
}

const stories: Readonly<Record<string, Story>> = {
  promoted: {
    play: async (play) => {
      await promotes(play)
      await play.reached('bake')
      await play.asks(3)
    },
  },
  'rolled-back-in-the-canary': {
    play: async (play) => {
      await play.reached('shadow')
      await play.asks(3)
      await play.reached('canary')
      await play.asks(3, { probabilities: { fedora: null } })
    },
  },
  'rolled-back-after-promotion': {
    bakeRequests: 50,
    play: async (play) => {
      await promotes(play)
      await play.asks(3, { error: 'ModelNotReady' })
    },
  },
  cancelled: {
    play: async (play) => {
      await play.reached('shadow')
      await play.handle.cancel()
    },
  },
}

/** Rollouts of one run each. */
export async function playRollouts(ground: Ground): Promise<void> {
  const playRollout = playing(ground)
  for (const [name, { bakeRequests = 3, play }] of Object.entries(stories))
    await playRollout({ rollout: { bakeRequests } }, async (one) => {
      await play(one)
      await one.handle.result()
      await ground.keep(`rollOutVersion/${name}`, one.handle.workflowId)
    })
}

/** A rollout that waits long, in two runs. */
export async function playLongRollout(ground: Ground): Promise<void> {
  await playing(ground)({}, async (one) => {
    const evidence = await one.toApproval()
    const handle = ground.environment.client.workflow.getHandle(rolloutWorkflowId(one.bot, 2))
    const first = (await handle.describe()).runId
    const approver = await one.approver()
    await one.update(await one.decides('hold', approver, evidence.id))
    await one.asks(1, { error: 'ModelNotReady' })
    const renewed = await eventually(
      async () => {
        const latest = await one.shown()
        return latest.id !== evidence.id && (await handle.describe()).runId !== first ? latest : undefined
      },
      { timeoutMs: patienceMs, what: 'the next run' },
    )
    await one.update(await one.decides('promote', approver, renewed.id))
    await one.asks(3)
    await one.handle.result()
    await ground.keep('rollOutVersion/long-continued', one.handle.workflowId, first)
    await ground.keep('rollOutVersion/long-went-on', one.handle.workflowId)
  })
}
