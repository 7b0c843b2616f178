import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { countRecordings } from '../../../../store/rollouts/replays/recordings.ts'
import { type KeptReplay, replayById } from '../../../../store/rollouts/replays/replay-reports.ts'
import { rolloutOf } from '../../../../store/rollouts/rollouts.ts'
import { servingSetOf } from '../../../../store/versions/serving-sets.ts'
import { versionsOf } from '../../../../store/versions/versions.ts'
import type { Job } from '../../../../infra/temporal/stories.ts'
import { versionOfAlias } from '../../../../domain/serving-set.ts'
import { rebuild, rebuildStarted, replay, replayRequest, replayStarted } from '../../../contract/replays.ts'
import { versionKey } from '../../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../../problems.ts'
import { allow, mayWith, sendNoRole } from '../../access.ts'
import type { OperatorDeps } from '../../context.ts'
import { withInputs } from '../present.ts'
import { whenReachable } from '../problems.ts'

const nothingToCompare = {
  status: 422,
  title: 'There is nothing to compare it with',
  detail: 'Name another version of the bot in `against`.',
}

/** At most so many recordings are played: the newest, as a rollout does; more when a person names a time. */
const mostRecordings = { usual: 200, since: 2_000 }

/** The report with its bot; one that is kept needs no Temporal. */
async function replayJob(
  { db, operations }: OperatorDeps,
  id: string,
): Promise<(Job<KeptReplay> & { bot: string }) | undefined> {
  const kept = await replayById(db, id)
  if (kept) return { bot: kept.report.bot, state: 'done', result: kept }
  const job = await (await operations.stories()).replayJob(id)
  if (job?.state !== 'done') return job
  const result = await replayById(db, id)
  if (result === undefined) throw new Error('a replay that has ended kept no report')
  return { ...job, result }
}

const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time))

/** What would a version have said, and is it what its dataset and seed make? Both run elsewhere, and are asked for again. */
export const replayRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { db } = deps
    const stories = deps.operations.stories
    const versionsKnown = async (bot: string) => (await versionsOf(db, bot)).map((one) => one.version)
    /** The champion that it was to replace, else what serves now, else what it was made from. */
    const against = async (bot: string, version: number): Promise<number | undefined> => {
      const set = await servingSetOf(db, bot)
      const serving = set && versionOfAlias(set, 'champion')
      const parent = (await versionsOf(db, bot)).find((one) => one.version === version)?.parent
      return [(await rolloutOf(db, { bot, version }))?.champion, serving, parent].find(
        (other) => other !== undefined && other !== version,
      )
    }
    const presentReport = async ({ report }: KeptReplay) => {
      const [fixed = [], broke = [], churn = []] = await withInputs(
        db,
        report.bot,
        report.fixed,
        report.broke,
        report.churn,
      )
      return { ...report, fixed, broke, churn }
    }
    app.post(
      '/api/replays',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Play the recording to a version: what would it have said?',
          description: 'Of more recordings than `most` the newest are played.',
          body: replayRequest,
          response: { 202: replayStarted },
        },
      },
      async (request, reply) => {
        const { bot, version, since, until } = request.body
        const known = await versionsKnown(bot)
        if (!known.includes(version)) return sendNotFound(reply)
        const other = request.body.against ?? (await against(bot, version))
        if (other === undefined || !known.includes(other)) return sendProblem(reply, nothingToCompare)
        const id = randomUUID()
        const within = { since: dateOf(since), until: dateOf(until) }
        const limit = since === undefined && until === undefined ? mostRecordings.usual : mostRecordings.since
        const recorded = await countRecordings(db, bot, within)
        const times = {
          ...(within.since && { since: within.since.getTime() }),
          ...(within.until && { until: within.until.getTime() }),
        }
        const order = { id, bot, version, against: other, limit, ...times }
        return whenReachable(reply, async () => {
          await (await stories()).startReplay(order)
          return reply.code(202).send({ id, recorded, most: limit })
        })
      },
    )
    app.get(
      '/api/replays/:id',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'How far a replay is, and its report',
          params: z.object({ id: z.uuid() }),
          response: { 200: replay },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const job = await replayJob(deps, id)
        if (job === undefined) return sendNotFound(reply)
        if (!mayWith(request, job.bot, 'viewer')) return sendNoRole(reply, 'viewer')
        const { state } = job
        const progress = job.state === 'running' ? (job.progress ?? null) : null
        return { id, state, progress, report: job.state === 'done' ? await presentReport(job.result) : null }
      },
    )
    app.post(
      '/api/versions/:bot/:version/rebuild',
      {
        ...allow(deps, 'reviewer'),
        schema: {
          summary: 'Train a version again from its dataset and seed, and compare the weights',
          params: versionKey,
          response: { 202: rebuildStarted },
        },
      },
      async (request, reply) => {
        const { bot, version } = request.params
        if (!(await versionsKnown(bot)).includes(version)) return sendNotFound(reply)
        return whenReachable(reply, async () =>
          reply.code(202).send({ id: await (await stories()).startRebuild({ bot, version }) }),
        )
      },
    )
    app.get(
      '/api/rebuilds/:id',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'How a rebuild ended',
          params: z.object({ id: z.string().max(200) }),
          response: { 200: rebuild },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const job = await (await stories()).rebuildJob(id)
        if (job === undefined) return sendNotFound(reply)
        if (!mayWith(request, job.bot, 'viewer')) return sendNoRole(reply, 'viewer')
        return { id, state: job.state, result: job.state === 'done' ? job.result : null }
      },
    )
    done()
  }
