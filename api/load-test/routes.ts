import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Bot } from '../../domain/bot.ts'
import { loadTestRequest } from '../contract/load-tests.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { type LoadTestRun, type LoadTestWork, startLoadTest } from './run.ts'

export interface LoadTestDeps extends LoadTestWork {
  readonly botOf: (name: string) => Pick<Bot, 'name' | 'channels' | 'input'> | undefined
  /** Throws the problem that is sent when the caller may not run load tests with this bot. */
  readonly authorise: (request: FastifyRequest, bot: string) => Promise<void>
}

/** The state of a load test is in this process's memory: more messages than this would not fit well. */
const mostMessages = 100_000
const keptRuns = 20

const refuse = (reply: FastifyReply, status: number, title: string, detail: string) =>
  sendProblem(reply, { status, title, detail })

/** The runs of this process, newest last; the oldest are forgotten. */
function createRuns() {
  const runs = new Map<string, { readonly bot: string; readonly run: LoadTestRun }>()
  const isGoing = ({ run }: { readonly run: LoadTestRun }) => ['sending', 'waiting'].includes(run.status().state)
  return {
    of: (id: string) => runs.get(id),
    going: () => [...runs.values()].some(isGoing),
    add: (id: string, bot: string, run: LoadTestRun) => {
      runs.set(id, { bot, run })
      for (const old of [...runs.keys()].slice(0, -keptRuns)) runs.delete(old)
    },
    stopAll: async () => {
      for (const { run } of runs.values()) run.stop()
      await Promise.all([...runs.values()].map(({ run }) => run.over))
    },
  }
}

async function begin(
  deps: LoadTestDeps,
  runs: ReturnType<typeof createRuns>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const parsed = loadTestRequest.safeParse(request.body)
  if (!parsed.success) return refuse(reply, 400, 'The load test cannot be read', z.prettifyError(parsed.error))
  const { bot: name, channel, rate, seconds } = parsed.data
  await deps.authorise(request, name)
  const bot = deps.botOf(name)
  if (bot === undefined) return refuse(reply, 404, 'There is no such bot', 'See GET /api/bots.')
  if (!bot.channels.includes(channel))
    return refuse(reply, 422, 'The bot is not on this channel', `It is on: ${bot.channels.join(', ')}.`)
  if (rate * seconds > mostMessages)
    return refuse(reply, 422, 'Too many messages', `rate × seconds may be ${mostMessages} at most.`)
  if (runs.going()) return refuse(reply, 409, 'A load test is running', 'Wait until it is done, or delete it.')
  const id = randomBytes(6).toString('hex')
  runs.add(id, name, startLoadTest({ ...parsed.data, input: bot.input.kind }, deps, { id }))
  return reply.code(202).send({ id })
}

/**
 * `POST /api/load-test` starts one (202), `GET /api/load-test/:id` tells how far it is, `DELETE` ends it. The messages go the
 * whole way, marked synthetic, and nothing is sent outside. One runs at a time; a restart of the API forgets it, not the messages.
 */
export function loadTestRoutes(deps: LoadTestDeps) {
  return (scope: FastifyInstance, _options: unknown, done: () => void): void => {
    const runs = createRuns()
    scope.addHook('onClose', () => runs.stopAll())
    scope.post('/api/load-test', (request, reply) => begin(deps, runs, request, reply))
    scope.get<{ Params: { id: string } }>('/api/load-test/:id', async (request, reply) => {
      const found = runs.of(request.params.id)
      if (found === undefined) return sendNotFound(reply)
      await deps.authorise(request, found.bot)
      return reply.send(found.run.status())
    })
    scope.delete<{ Params: { id: string } }>('/api/load-test/:id', async (request, reply) => {
      const found = runs.of(request.params.id)
      if (found === undefined) return sendNotFound(reply)
      await deps.authorise(request, found.bot)
      found.run.stop()
      await found.run.over
      return reply.code(204).send()
    })
    done()
  }
}
