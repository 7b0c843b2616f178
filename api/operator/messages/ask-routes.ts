import { randomUUID } from 'node:crypto'
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { recordRequest } from '../record-request.ts'
import type { z } from 'zod'
import type { InboundMessage } from '../../../domain/inbound.ts'
import { answerWorkflowId } from '../../../domain/keys.ts'
import { asked, askRequest } from '../../contract/messages.ts'
import { sendNotFound } from '../../problems.ts'
import { actorOf, allow } from '../access.ts'
import type { OperatorDeps } from '../context.ts'

/** The question as a door would store it. Its pictures are blobs already. */
async function questionOf(
  deps: OperatorDeps,
  ask: z.infer<typeof askRequest>,
  from: { readonly id: string; readonly author: string },
): Promise<InboundMessage> {
  const { bot, text, link } = ask
  const pictures = ask.pictures.map(async ({ base64, name }) => ({
    id: await deps.blobs.put(Buffer.from(base64, 'base64')),
    ...(name !== undefined && { name }),
  }))
  return {
    ...{ bot, channel: 'http', businessKey: `${bot}.${from.id}`, text, pictures: await Promise.all(pictures) },
    authorId: from.author,
    address: { kind: 'http' },
    sentAt: new Date().toISOString(),
    ...(link !== undefined && { subject: { kind: 'link', url: link } }),
  }
}

/** Asking over HTTP. The answer is read, not sent. */
export const askRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.post(
      '/api/messages',
      {
        ...allow(deps, 'viewer'),
        bodyLimit: 32 * 1024 * 1024,
        schema: {
          summary: 'Ask a bot; the answer is read with GET /api/messages/:id',
          body: askRequest,
          response: { 202: asked },
        },
      },
      async (request, reply) => {
        const { bot } = request.body
        if (!deps.bots().some(({ name }) => name === bot)) return sendNotFound(reply)
        const id = randomUUID()
        const message = await questionOf(deps, request.body, { id, author: actorOf(request).name })
        await recordRequest(deps.db, { kind: 'message', message }, bot)
        return reply.code(202).send({ id, workflowId: answerWorkflowId(bot, 'http', message.businessKey) })
      },
    )
    done()
  }
