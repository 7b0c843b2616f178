import { workflowBundle } from '../../../workers/workflow-bundle.ts'
import assert from 'node:assert/strict'
import type { Client } from '@temporalio/client'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { translateFailures } from '../../../activities/failures.ts'
import type { RolloutDeps } from '../../../activities/rollout/create.ts'
import { learningQueue, rolloutWorkflowId } from '../../../domain/keys.ts'
import type { RolloutStage } from '../../../domain/rollout/rollout.ts'
import type { Db } from '../../../store/db.ts'
import { latestEvidence } from '../../../store/rollouts/evidence/evidence.ts'
import { decideUpdate } from '../../../workflows/messages.ts'
import type { rollOutVersion } from '../../../workflows/roll-out-version.ts'
import { eventually } from '../platforms/platform.ts'
import { type Answer, stagedRollout, type StagedRollout } from './staged-rollout.ts'
import type { useTemporal } from '../workflow-environment.ts'

interface Ground {
  readonly temporal: ReturnType<typeof useTemporal>
  readonly db: () => Db
}

/** A worker whose workflow cache is off, one running rollout, and what people do to it. */
export const playOn =
  (ground: Ground) =>
  async (
    overrides: Parameters<typeof stagedRollout>[1],
    during: (play: Play) => Promise<void>,
    more: Partial<RolloutDeps> = {},
  ): Promise<void> => {
    const { temporal, db } = ground
    const scene = await stagedRollout(db(), overrides)
    const worker = await Worker.create({
      connection: temporal.environment().nativeConnection,
      namespace: temporal.environment().namespace ?? 'default',
      taskQueue: learningQueue,
      workflowBundle,
      maxCachedWorkflows: 0,
      activities: scene.activities(more),
      interceptors: { activity: [translateFailures(() => undefined)] },
    })
    await worker.runUntil(async () => {
      const play = await openPlay({ client: temporal.client(), db: db() }, scene)
      try {
        await during(play)
      } finally {
        play.stop()
      }
    })
  }

async function openPlay({ client, db }: { readonly client: Client; readonly db: Db }, scene: StagedRollout) {
  const keepWarm = setInterval(() => void scene.warm(), 2_000)
  await scene.warm()
  const handle = await client.workflow.start<typeof rollOutVersion>('rollOutVersion', {
    workflowId: rolloutWorkflowId(scene.bot, 2),
    taskQueue: learningQueue,
    args: [{ ...scene.ref, demo: false }],
  })
  const reached = (stage: RolloutStage, step = 0) =>
    eventually(
      async () => {
        const row = await scene.row()
        return (row?.stage === stage && row.step >= step) || undefined
      },
      { timeoutMs: 20_000, what: stage },
    )
  const asks = async (count: number, said: Answer = {}) => {
    for (let at = 0; at < count; at += 1) await scene.ask({ 2: said })
  }
  /** Evidence is decided on after its card is out. */
  const shown = () =>
    eventually(
      async () => {
        const evidence = await latestEvidence(db, scene.ref)
        return evidence && scene.cards.includes(evidence.id) ? evidence : undefined
      },
      { timeoutMs: 20_000, what: 'a card' },
    )
  /** Through shadow and canary, where eight people see that the version is right and its champion is not. */
  const toApproval = async () => {
    await reached('shadow')
    for (let at = 0; at < 8; at += 1)
      await scene.labelBlind(await scene.ask({ 2: { label: 'no-fedora' } }), 'no-fedora')
    await reached('canary')
    await asks(3)
    await reached('canary', 1)
    await asks(3)
    await reached('approval')
    return shown()
  }
  const decides = async (decision: 'promote' | 'hold' | 'reject', personId: string, evidenceId: string) => {
    const { decisionId } = await scene.request(decision, { personId, evidenceId })
    return { decisionId, evidenceId, decision }
  }
  return {
    ...{ ...scene, handle, reached, asks, shown, toApproval, decides },
    update: (ref: Awaited<ReturnType<typeof decides>>) =>
      handle.executeUpdate(decideUpdate, { args: [ref], updateId: ref.decisionId }),
    stop: () => clearInterval(keepWarm),
  }
}

export type Play = Awaited<ReturnType<typeof openPlay>>

/** The update was refused with this type. */
export const refusedAs = (type: string) => (error: unknown) =>
  error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === type

export async function assertRolledBack(play: Play, end: string): Promise<void> {
  assert.equal(await play.handle.result(), end)
  assert.deepEqual(
    (await play.members()).map(({ version, stage }) => [version, stage]),
    [[1, 'live']],
  )
  assert.equal((await play.row())?.end, end)
  assert.deepEqual(
    play.news.filter((news) => news === 'ended'),
    ['ended'],
  )
}
