import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { pictureOf } from './picture.ts'
import { sendNotFound } from '../problems.ts'
import { allow } from './access.ts'
import type { OperatorDeps } from './context.ts'

/** Stored pictures, made anew: what a browser gets is never the bytes that a stranger sent. */
export const pictureRoutes =
  (deps: OperatorDeps): FastifyPluginCallbackZod =>
  (app, _options, done) => {
    app.get(
      '/api/pictures/:sha256',
      {
        ...allow(deps, 'viewer'),
        schema: {
          summary: 'A stored picture as WebP, 1024 pixels at most',
          params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
        },
      },
      async ({ params }, reply) => {
        const picture = await pictureOf(deps, params.sha256)
        if (picture === undefined) return sendNotFound(reply)
        return reply
          .header('content-disposition', 'inline')
          .header('cache-control', 'private, max-age=86400')
          .type('image/webp')
          .send(Buffer.from(picture))
      },
    )
    done()
  }
