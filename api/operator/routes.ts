import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { askRoutes } from './messages/ask-routes.ts'
import { botRoutes } from './bot-routes.ts'
import { correctionRoutes } from './correction-routes.ts'
import type { OperatorDeps } from './context.ts'
import { labelRoutes } from './label-routes.ts'
import { blindRoutes } from './learning/blind-routes.ts'
import { correctionDecisionRoutes } from './learning/correction-decision-routes.ts'
import { datasetRoutes } from './learning/versions/dataset-routes.ts'
import { decisionRoutes } from './learning/rollouts/decision-routes.ts'
import { learningRoutes } from './learning/learning-routes.ts'
import { replayRoutes } from './learning/versions/replay-routes.ts'
import { rolloutRoutes } from './learning/rollouts/rollout-routes.ts'
import { versionRoutes } from './learning/versions/version-routes.ts'
import { liveRoute } from '../live/route.ts'
import { messageRoutes } from './messages/message-routes.ts'
import { openApi } from './open-api.ts'
import { peopleRoutes } from './people-routes.ts'
import { pictureRoutes } from './picture-routes.ts'
import { retryRoutes } from './messages/retry-routes.ts'
import { sessionRoutes } from './session-routes.ts'

/** The operator API (`/api`), its sign-in, and its description (`/docs`, OpenAPI 3.1). */
export const operatorRoutes =
  (deps: OperatorDeps): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    await app.register(swagger, openApi)
    await app.register(swaggerUi, { routePrefix: '/docs' })
    for (const routes of [
      sessionRoutes,
      botRoutes,
      peopleRoutes,
      labelRoutes,
      messageRoutes,
      retryRoutes,
      askRoutes,
      correctionRoutes,
      correctionDecisionRoutes,
      learningRoutes,
      datasetRoutes,
      versionRoutes,
      replayRoutes,
      rolloutRoutes,
      decisionRoutes,
      blindRoutes,
      pictureRoutes,
      liveRoute,
    ])
      await app.register(routes(deps))
  }
