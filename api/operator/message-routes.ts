import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { InboundMessage } from '../../domain/inbound.ts'
import { answerWorkflowId } from '../../domain/keys.ts'
import { sendNotFound, sendProblem } from '../problems.ts'
import { actorOf, allow } from './access.ts'
import type { OperatorDeps } from './deps.ts'
import { linkOf, presented, workflowUrl } from './present.ts'
import { correctionState, detail, outcome, summary } from './shapes.ts'

/** `2h`, `30m`, `7d`: so long ago. Or a time in ISO 8601. */
const sinceShape = z
  .string()
  .refine((text) => /^\d+[mhd]$/.test(text) || !Number.isNaN(Date.parse(text)), 'is a time, or such as 30m, 2h, 7d')
  .transform((text) => {
    const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? []
    const minutes = { m: 1, h: 60, d: 1440 }[unit ?? 'm'] ?? 1
    return count === undefined ? new Date(text) : new Date(Date.now() - Number(count) * minutes * 60_000)
  })

const filter = z.object({
  bot: z.string().optional(),
  channel: z.string().optional(),
  outcome: z.union([outcome, z.literal('open')]).optional(),
  correction: correctionState.optional(),
  q: z.string().max(200).optional(),
  since: sinceShape.optional(),
  before: z.coerce.date().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const named = z.object({ id: z.uuid() })
const started = z.object({ id: z.string(), workflowId: z.string() })

/** Messages: what came, what was said and why, and giving one its workflow again. */
export const messageRoutes =
  (deps: OperatorDeps): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/api/messages',
      {
        preHandler: allow(deps, 'viewer'),
        schema: {
          summary: 'The newest messages that fit; `next` goes on with `before`',
          querystring: filter,
          response: { 200: z.object({ messages: z.array(summary), next: z.string().nullable() }) },
        },
      },
      async ({ query }) => {
        const messages = await deps.reports.summaries(query)
        const next = messages.length < query.limit ? null : (messages.at(-1)?.receivedAt.toISOString() ?? null)
        return { messages: messages.map((each) => presented(deps, each)), next }
      },
    )
    app.get(
      '/api/find',
      {
        preHandler: allow(deps, 'viewer'),
        schema: {
          summary: 'Messages by an id of ours, a workflow id, or a link or id of the platform',
          querystring: z.object({ q: z.string().trim().min(1).max(500) }),
          response: { 200: z.object({ messages: z.array(summary) }) },
        },
      },
      async ({ query }) => ({ messages: (await deps.reports.find(query.q)).map((each) => presented(deps, each)) }),
    )
    app.get(
      '/api/messages/:id',
      {
        preHandler: allow(deps, 'viewer'),
        schema: { summary: 'Everything about one message', params: named, response: { 200: detail } },
      },
      async ({ params }, reply) => {
        const found = await deps.reports.summary(params.id)
        const more = await deps.reports.detail(params.id)
        if (found === undefined || more === undefined) return sendNotFound(reply)
        const { address, text, inputs, replies } = more
        return {
          ...presented(deps, found),
          text,
          address: { kind: address.kind, link: linkOf(address) },
          inputs: [...inputs],
          replies: [...replies],
        }
      },
    )
    app.post(
      '/api/messages/:id/retry',
      {
        preHandler: allow(deps, 'approver'),
        schema: {
          summary: 'Give an open or failed message its workflow again; what was said is not said twice',
          params: named,
          response: { 200: started.extend({ workflowUrl: z.string() }) },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const workflowId = await deps.restart(id, actorOf(request).id)
        if (workflowId === undefined)
          return sendProblem(reply, {
            status: 409,
            title: 'There is nothing to try again',
            detail: 'The message is not there, was answered or refused, or is on its way.',
          })
        return { id, workflowId, workflowUrl: workflowUrl(deps, workflowId) }
      },
    )
    app.post(
      '/api/messages/retry',
      {
        preHandler: allow(deps, 'approver'),
        schema: {
          summary: 'The same for all failed or open messages since a time, at most 200',
          body: z.object({ outcome: z.enum(['failed', 'open']), since: sinceShape }),
          response: { 200: z.object({ count: z.number(), ids: z.array(z.string()) }) },
        },
      },
      async (request) => {
        const found = await deps.reports.summaries({ ...request.body, limit: 200 })
        const ids: string[] = []
        for (const { id } of found) if (await deps.restart(id, actorOf(request).id)) ids.push(id)
        return { count: ids.length, ids }
      },
    )
  }

const asked = z.object({
  bot: z.string(),
  text: z.string().max(40_000).default(''),
  pictures: z
    .array(z.object({ base64: z.base64().max(14_000_000), name: z.string().max(100).optional() }))
    .max(10)
    .default([]),
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
})

/** Asking over HTTP, and voting from the pages or the command line. */
export const askRoutes =
  (deps: OperatorDeps): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/api/messages',
      {
        preHandler: allow(deps, 'viewer'),
        bodyLimit: 32 * 1024 * 1024,
        schema: {
          summary: 'Ask a bot; the answer is read with GET /api/messages/:id or by its workflow',
          body: asked,
          response: { 202: z.object({ workflowId: z.string() }) },
        },
      },
      async (request, reply) => {
        const { bot, text, pictures, link } = request.body
        if (!deps.bots.some(({ name }) => name === bot)) return sendNotFound(reply)
        const businessKey = `${bot}.${randomUUID()}`
        const kept = await Promise.all(
          pictures.map(async ({ base64, name }) => ({
            id: await deps.putBlob(Buffer.from(base64, 'base64')),
            ...(name !== undefined && { name }),
          })),
        )
        const message: InboundMessage = {
          bot,
          channel: 'http',
          businessKey,
          text,
          pictures: kept,
          authorId: actorOf(request).id,
          address: { kind: 'http' },
          sentAt: new Date().toISOString(),
          ...(link !== undefined && { subject: { kind: 'link', url: link } }),
        }
        await deps.record({ kind: 'message', message }, bot)
        return reply.code(202).send({ workflowId: answerWorkflowId(bot, 'http', businessKey) })
      },
    )
  }
