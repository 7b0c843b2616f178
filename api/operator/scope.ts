import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync } from 'fastify'
import { type LoadTestDeps, loadTestRoutes } from '../load-test/routes.ts'
import { rateLimits } from '../rate-limits.ts'
import { allow } from './access.ts'
import type { OperatorDeps } from './context.ts'
import { operatorRoutes } from './routes.ts'

/** Load tests are for those who may pause a bot. */
const loadTestRole = 'approver'

/** Everything behind the sign-in: the operator API and load tests. */
export const operatorScope =
  (deps: OperatorDeps, loadTest: Omit<LoadTestDeps, 'authorise' | 'botOf'> | undefined): FastifyPluginAsync =>
  async (app) => {
    await app.register(cookie)
    await app.register(rateLimit, rateLimits)
    await app.register(operatorRoutes(deps))
    if (loadTest === undefined) return
    const guard = allow(deps, loadTestRole)
    await app.register(async (scope) => {
      scope.addHook('onRequest', guard.onRequest)
      scope.addHook('preHandler', guard.preHandler)
      await scope.register(
        loadTestRoutes({
          ...loadTest,
          botOf: (name) => deps.bots().find((bot) => bot.name === name),
          // The hook has let them pass.
          authorise: () => Promise.resolve(),
        }),
      )
    })
  }
