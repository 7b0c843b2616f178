import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { versionOfAlias } from '../../../../domain/serving-set.ts'
import type { KeptReplay } from '../../../../store/rollouts/replays/replay-reports.ts'
import { rebuild, rebuildStarted, replay, replayRequest, replayStarted } from '../../../contract/replays.ts'
import { versionKey } from '../../../contract/values.ts'
import { sendNotFound, sendProblem } from '../../../problems.ts'
import { allow, mayWith, sendNoRole } from '../../access.ts'
import type { OperatorDeps } from '../../deps.ts'
import { withInputs } from '../present.ts'
import { sendUnreachable } from '../problems.ts'

const nothingToCompare = {
  status: 422,
  title: 'There is nothing to compare it with',
  detail: 'Name another version of the bot in `against`.',
}

const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time))

/** What would a version have said, and is it what its dataset and seed make? Both run elsewhere, and are asked for again. */
export const replayRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    const { versions, replays, rebuilds, rollouts } = deps.learning
    /** The champion that it was to replace, else what serves now, else what it was made from. */
    const against = async (bot: string, version: number): Promise<number | undefined> => {
      const set = await versions.servingSet(bot)
      const serving = set && versionOfAlias(set, 'champion')
      const parent = (await versions.list(bot)).find((one) => one.version === version)?.parent
      return [(await rollouts.known({ bot, version }))?.champion, serving, parent].find(
        (other) => other !== undefined && other !== version,
      )
    }
    const presentReport = async ({ report }: KeptReplay) => {
      const [fixed = [], broke = [], churn = []] = await withInputs(
        deps.learning,
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
        const known = (await versions.list(bot)).map((one) => one.version)
        if (!known.includes(version)) return sendNotFound(reply)
        const other = request.body.against ?? (await against(bot, version))
        if (other === undefined || !known.includes(other)) return sendProblem(reply, nothingToCompare)
        const id = randomUUID()
        const order = { id, bot, version, against: other, since: dateOf(since), until: dateOf(until) }
        const started = await replays.start(order)
        return started === 'unreachable' ? sendUnreachable(reply) : reply.code(202).send({ id, ...started })
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
        const job = await replays.job(id)
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
        if (!(await versions.list(bot)).some((one) => one.version === version)) return sendNotFound(reply)
        const started = await rebuilds.start({ bot, version })
        return started === 'unreachable' ? sendUnreachable(reply) : reply.code(202).send(started)
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
        const job = await rebuilds.job(id)
        if (job === undefined) return sendNotFound(reply)
        if (!mayWith(request, job.bot, 'viewer')) return sendNoRole(reply, 'viewer')
        return { id, state: job.state, result: job.state === 'done' ? job.result : null }
      },
    )
    done()
  }
