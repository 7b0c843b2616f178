import helmet from '@fastify/helmet'
import underPressure from '@fastify/under-pressure'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { DoorDeps } from './doors/door.ts'
import { slackDoor, type SlackDoors } from './doors/slack.ts'
import { type XDoor, xDoor } from './doors/x.ts'
import { type HealthDeps, healthRoutes } from './health.ts'
import type { LoadTestDeps } from './load-test/routes.ts'
import type { createMetrics } from './metrics.ts'
import type { OperatorDeps } from './operator/context.ts'
import { operatorScope } from './operator/scope.ts'
import { answerProblems } from './problems.ts'
import { pagePolicy, webPages } from './web-pages.ts'

export interface ApiDeps extends HealthDeps {
  /** The operator API; absent where only the doors are wanted. */
  readonly operator?: OperatorDeps
  readonly loadTest?: Omit<LoadTestDeps, 'authorise' | 'botOf'>
  /** The folder of the built pages. */
  readonly webFolder?: string | undefined
  readonly log: FastifyBaseLogger
  readonly metrics: ReturnType<typeof createMetrics>
  readonly ready: DoorDeps['ready']
  /** Whether a request failed because the database cannot be reached now. */
  readonly isOutage: (error: unknown) => boolean
  readonly record: DoorDeps['record']
  readonly slackDoorsOf: (bot: string) => SlackDoors | undefined
  readonly xDoorOf: (bot: string) => XDoor | undefined
}

/** A second of blocked event loop means that acks are late: better to say so, and be called again. */
const pressureLimits = { maxEventLoopDelay: 1_000, maxHeapUsedBytes: 450 * 1024 * 1024, retryAfter: 5 }

/** Fastify loads its own two compilers of schemas unless it is given others, and they take a tenth of a second. */
const noCompiler = (): never => {
  throw new Error('schemas are zod’s, and zod’s compilers are set for the operator API alone (operator/routes.ts)')
}

/** The API, built but not listening. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log,
    // A line per request would hold addresses and query strings; the metrics count them instead.
    logController: new LogController({ disableRequestLogging: true }),
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
  })
  answerProblems(app, deps.isOutage)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    deps.metrics.answered({ route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: pagePolicy } })
  await app.register(underPressure, pressureLimits)
  await app.register(healthRoutes(deps))
  await app.register(slackDoor({ ...deps, doorsOf: deps.slackDoorsOf }))
  await app.register(xDoor({ ...deps, doorOf: deps.xDoorOf }))
  const { operator, loadTest, webFolder } = deps
  if (operator !== undefined) await app.register(operatorScope(operator, loadTest))
  if (webFolder !== undefined) await app.register(webPages(webFolder))
  app.get('/metrics', async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.render()))
  return app
}
