import type { Client } from '@temporalio/client'
import { learningQueue } from '../../../domain/keys.ts'
import type { Db } from '../../../store/db.ts'
import { countRecordings } from '../../../store/rollouts/replays/recordings.ts'
import { replayById } from '../../../store/rollouts/replays/requested-replays.ts'
import { botAttribute } from '../../../workflows/messages.ts'
import type { rebuildVersion } from '../../../workflows/rebuild-version.ts'
import type { replayVersion } from '../../../workflows/replay-version.ts'
import type { LearningDeps } from '../../operator/learning/deps.ts'
import { askTemporal, jobOf } from './ask-temporal.ts'

/** At most so many recordings are played: the newest, as a rollout does; more when a person names a time. */
const mostRecordings = { usual: 200, since: 2_000 }

const replayId = (id: string): string => `replay:${id}`
const rebuildId = (bot: string, version: number): string => `rebuild:${bot}:${version}`

/** Replays that people ask for; a report that is kept needs no Temporal. */
export const replayDeps = (db: Db, client: Client): LearningDeps['replays'] => ({
  start: async ({ since, until, ...order }) => {
    const limit = since === undefined && until === undefined ? mostRecordings.usual : mostRecordings.since
    const recorded = await countRecordings(db, order.bot, { since, until })
    const within = { ...(since && { since: since.getTime() }), ...(until && { until: until.getTime() }) }
    const started = await askTemporal(client, () =>
      client.workflow.start<typeof replayVersion>('replayVersion', {
        workflowId: replayId(order.id),
        taskQueue: learningQueue,
        args: [{ ...order, limit, ...within }],
        staticSummary: `Replay of version ${order.version} of ${order.bot}`,
        typedSearchAttributes: [{ key: botAttribute, value: order.bot }],
      }),
    )
    return started === 'unreachable' ? started : { recorded, most: limit }
  },
  job: async (id) => {
    const kept = await replayById(db, id)
    if (kept) return { bot: kept.report.bot, state: 'done', result: kept }
    return jobOf(client, replayId(id), async () => {
      const result = await replayById(db, id)
      return result ?? Promise.reject(new Error('a replay that has ended kept no report'))
    })
  },
})

/** Rebuilds that people ask for; one of a version at a time. */
export const rebuildDeps = (client: Client): LearningDeps['rebuilds'] => ({
  start: async ({ bot, version }) => {
    const workflowId = rebuildId(bot, version)
    const started = await askTemporal(client, () =>
      client.workflow.start<typeof rebuildVersion>('rebuildVersion', {
        workflowId,
        taskQueue: learningQueue,
        args: [{ bot, version }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `Rebuild of version ${version} of ${bot}`,
        typedSearchAttributes: [{ key: botAttribute, value: bot }],
      }),
    )
    return started === 'unreachable' ? started : { id: workflowId }
  },
  job: (id) =>
    id.startsWith('rebuild:')
      ? jobOf(client, id, () => client.workflow.getHandle<typeof rebuildVersion>(id).result())
      : Promise.resolve(undefined),
})
