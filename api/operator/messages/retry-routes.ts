import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { retry } from '../../../operations/retry.ts'
import { messageSummaries } from '../../../store/reports.ts'
import { askedBy, sendNotDone } from '../ask-operation.ts'
import { messageNamed } from '../message-named.ts'
import { mayAct } from '../../../domain/people.ts'
import { allRetried, retried } from '../../contract/messages.ts'
import { sendNotFound, sendProblem } from '../../problems.ts'
import { allow, mayWith, sendNoRole } from '../access.ts'
import type { OperatorDeps } from '../context.ts'
import { workflowUrl } from '../present.ts'
import { sinceShape } from './since.ts'

const nothingToDo = {
  status: 409,
  title: 'There is nothing to try again',
  detail: 'Only what is open or failed, and was not told so already, is tried again.',
}
/** More at once would be a second outage. */
const mostAtOnce = 200

/** Giving messages their workflow again. What was said is not said twice: the reply's row decides. */
export const retryRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/messages/:id/retry',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: 'Give an open or failed message its workflow again; what was said is not said twice',
          params: z.object({ id: z.uuid() }),
          response: { 200: retried },
        },
      },
      async (request, reply) => {
        const message = await messageNamed(deps, request.params.id)
        if (message === undefined) return sendNotFound(reply)
        if (!mayWith(request, message.bot, 'approver')) return sendNoRole(reply, 'approver')
        const done = await retry(deps.operations, { ...askedBy(request), bot: message.bot, messageId: message.id })
        if (done.kind === 'nothing-to-do') return sendProblem(reply, nothingToDo)
        if (done.kind !== 'started') return sendNotDone(reply, done)
        const { workflowId } = done
        return { id: message.id, workflowId, workflowUrl: workflowUrl(deps, workflowId) }
      },
    )
    app.post(
      '/api/messages/retry',
      {
        ...allow(deps, 'approver'),
        schema: {
          summary: `The same for all failed or open messages since a time, the newest ${mostAtOnce} at most`,
          body: z.object({ outcome: z.enum(['failed', 'open']), since: sinceShape }),
          response: { 200: allRetried },
        },
      },
      async (request, reply) => {
        const asked = askedBy(request)
        const bots = deps
          .bots()
          .map(({ name }) => name)
          .filter((name) => mayAct(asked.actor, name, 'approver'))
        const found = await messageSummaries(deps.db, { ...request.body, bots, limit: mostAtOnce })
        const ids: string[] = []
        for (const { id, bot } of found) {
          const key = `${asked.key}:${id}`
          const done = await retry(deps.operations, { ...asked, key, bot, messageId: id })
          if (done.kind === 'started') ids.push(id)
          else if (done.kind !== 'nothing-to-do') return sendNotDone(reply, done)
        }
        return { count: ids.length, ids }
      },
    )
    done()
  }
