import { readFile, readdir } from 'node:fs/promises'
import type { ServiceName } from '../../test/support/services.ts'
import type { Stack } from '../../test/support/stack.ts'
import { eventually } from '../../test/support/platforms/platform.ts'

/* Who is killed, and where: a worker kills itself when it gets to its point, a trainer's child is killed from outside. */

type Killed = Extract<ServiceName, 'learning' | 'training'>

/** A place on the way of a retrain and its rollout. `child`: the process that a training runs in. */
export interface KillPoint {
  readonly service: Killed | 'child'
  readonly point: string
}

const at = (service: Killed, ...points: readonly string[]): readonly KillPoint[] =>
  points.map((point) => ({ service, point }))

/** The steps of a retrain, in order. */
export const retrainPoints: readonly KillPoint[] = [
  ...at('learning', 'learning.opened', 'learning.dataset-kept', 'learning.frozen'),
  { service: 'child', point: 'the trainer child' },
  ...at('training', 'learning.checkpoint', 'learning.weights-kept', 'learning.trained'),
  ...at('learning', 'learning.judged', 'learning.card-kept', 'learning.registered', 'learning.closed'),
]

/** The steps of a rollout until a person decides. */
const waysToApproval: readonly KillPoint[] = at(
  'learning',
  'rollout.opened',
  'rollout.replay.beforeKeep',
  'rollout.shadow.beforeEnter',
  'rollout.shadow.entered',
  'rollout.canary.beforeEnter',
  'rollout.canary.entered',
  'rollout.canary.looked',
  'rollout.approval.entered',
  'rollout.afterEvidence',
  'rollout.approval.looked',
)

/** The steps of a promotion, in order. */
export const promotionPoints: readonly KillPoint[] = [
  ...waysToApproval,
  ...at('learning', 'rollout.promote.before', 'rollout.promote.after', 'rollout.bake.looked', 'rollout.closed'),
]

/** The steps of a rollback. */
export const rollbackPoints: readonly KillPoint[] = at('learning', 'rollout.rollBack.before', 'rollout.rollBack.after')

/** The processes that a process has started. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''))
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

/** Kills the child in which the training worker trains, as soon as there is one. */
async function killTrainer(stack: Stack): Promise<void> {
  const child = await eventually(
    async () => {
      if (!stack.runs('training')) return undefined
      for (const pid of await childrenOf(stack.pidOf('training'))) {
        const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
        if (command.includes('train-child')) return pid
      }
      return undefined
    },
    { timeoutMs: 120_000, what: 'a training' },
  )
  process.kill(child, 'SIGKILL')
}

/**
 * Starts a worker that dies at these points, one after the other, and then a sound one.
 * @param over resolves when nothing is left to be killed in. @returns the points that were never reached.
 */
async function dieInTurn(
  stack: Stack,
  service: Killed,
  { points, over }: { readonly points: readonly string[]; readonly over: Promise<unknown> },
): Promise<readonly string[]> {
  const missed: string[] = []
  for (const point of points) {
    // It may die before it is ready, on what its predecessor left.
    const lives = await stack.start(service, { KILL_AT: point }).then(
      () => true,
      () => false,
    )
    if (!lives) continue
    const how = await Promise.race([stack.ended(service).then(() => 'died'), over.then(() => 'over')])
    if (how === 'died') continue
    missed.push(point)
    await stack.stop(service)
  }
  await stack.start(service)
  return missed
}

/** Kills everybody at these points, while both workers are stopped at first and sound in the end. @returns the points that were never reached. */
export async function killAt(
  stack: Stack,
  points: readonly KillPoint[],
  over: Promise<unknown>,
): Promise<readonly string[]> {
  const of = (service: KillPoint['service']) =>
    points.filter((each) => each.service === service).map(({ point }) => point)
  const [learning, training] = await Promise.all([
    dieInTurn(stack, 'learning', { points: of('learning'), over }),
    dieInTurn(stack, 'training', { points: of('training'), over }),
    of('child').length > 0 ? killTrainer(stack) : undefined,
  ])
  return [...learning, ...training]
}
