import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { botRoutes } from './bot-routes.ts'
import { correctionRoutes } from './correction-routes.ts'
import type { OperatorDeps } from './deps.ts'
import { liveRoute } from './live-route.ts'
import { askRoutes, messageRoutes } from './message-routes.ts'
import { pictureRoutes } from './picture-routes.ts'
import { sessionRoutes } from './session-routes.ts'

/** The operator API (`/api`), its sign-in, and its description (`/docs`, OpenAPI 3.1). */
export const operatorRoutes =
  (deps: OperatorDeps): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Understudy',
          version: '1',
          description: 'The operator API. Errors are problem JSON (RFC 9457).',
        },
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        security: [{ token: [] }],
      },
      transform: jsonSchemaTransform,
    })
    await app.register(swaggerUi, { routePrefix: '/docs' })
    for (const routes of [
      sessionRoutes,
      botRoutes,
      messageRoutes,
      askRoutes,
      correctionRoutes,
      pictureRoutes,
      liveRoute,
    ])
      await app.register(routes(deps))
  }
