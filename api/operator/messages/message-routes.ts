import type { FastifyPluginAsync } from 'fastify'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { findMessages } from '../../../store/messages/find.ts'
import { messageDetail } from '../../../store/messages/message-detail.ts'
import { messageSummaries } from '../../../store/reports.ts'
import { messageNamed } from '../message-named.ts'
import { correctionState } from '../../contract/corrections.ts'
import { message as messageShape, messagePage, messagesFound, outcome } from '../../contract/messages.ts'
import { sendNotFound } from '../../problems.ts'
import { actorOf, allow, visibleTo } from '../access.ts'
import type { OperatorDeps } from '../context.ts'
import { presented, presentedDetail } from '../present.ts'
import { sinceShape } from './since.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const cursorPattern = new RegExp(`^[0-9TZ:.-]{20,27}(?:_${uuid})?$`)

const filter = z.object({
  bot: z.string().optional(),
  channel: z.string().optional(),
  outcome: z.union([outcome, z.literal('open')]).optional(),
  correction: correctionState.optional(),
  q: z.string().max(200).optional().describe('Looked for in the text.'),
  since: sinceShape.optional(),
  before: z
    .string()
    .regex(cursorPattern)
    .refine((text) => !Number.isNaN(Date.parse(text.split('_')[0] ?? '')), 'is no time')
    .optional()
    .describe('The `next` of the page before, or a time in ISO 8601 (UTC).'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const list =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/api/messages',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'The newest messages that fit; `next` goes on with `before`',
          querystring: filter,
          response: { 200: messagePage },
        },
      },
      async (request) => {
        const { query } = request
        const messages = await messageSummaries(deps.db, { ...query, bots: visibleTo(actorOf(request)) })
        const next = messages.length < query.limit ? null : (messages.at(-1)?.cursor ?? null)
        return { messages: messages.map((each) => presented(deps, each)), next }
      },
    )
    app.get(
      '/api/find',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Messages by an id of ours, a workflow id, or a link or id of the platform',
          querystring: z.object({ q: z.string().trim().min(1).max(500) }),
          response: { 200: messagesFound },
        },
      },
      async (request) => {
        const visible = visibleTo(actorOf(request))
        const messages = await findMessages(deps.db, request.query.q)
        const shown = messages.filter(({ bot }) => visible?.includes(bot) ?? true)
        return { messages: shown.map((each) => presented(deps, each)) }
      },
    )
    done()
  }

/** Nothing is known yet of a question whose workflow is not started. */
const nothingYet = { address: { kind: 'http' }, inputs: [], replies: [] } as const

const one =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/api/messages/:id',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'Everything about one message',
          params: z.object({ id: z.uuid() }),
          response: { 200: messageShape },
        },
      },
      async (request, reply) => {
        const message = await messageNamed(deps, request.params.id)
        const visible = visibleTo(actorOf(request))
        if (message === undefined || visible?.includes(message.bot) === false) return sendNotFound(reply)
        const more = (await messageDetail(deps.db, message.id)) ?? { ...nothingYet, text: message.text }
        const quorum = deps.bots().find(({ name }) => name === message.bot)?.corrections.quorum ?? 1
        return { ...presented(deps, message), ...presentedDetail(more, quorum) }
      },
    )
    done()
  }

/** Messages: what came, what was said and why. */
export const messageRoutes =
  (deps: OperatorDeps): FastifyPluginAsync =>
  async (app) => {
    await app.register(list(deps))
    await app.register(one(deps))
  }
