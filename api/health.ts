import type { FastifyInstance } from 'fastify'

/** What readiness depends on, each with a word of state. */
export type Readiness = Readonly<Record<string, 'ok' | 'down'>>

/** How TensorFlow runs in the inference worker; a fallback is slower, and nobody should have to guess. */
export interface TensorflowState {
  readonly backend: string
  readonly why: string
}

export interface HealthDeps {
  readonly readiness: () => Promise<Readiness>
  readonly tensorflow: () => Promise<TensorflowState | undefined>
}

/** `/health/live`: the process runs. `/health/ready`: it can do its work, which for a door means that it can store. */
export function healthRoutes(deps: HealthDeps) {
  return (scope: FastifyInstance, _options: unknown, done: () => void): void => {
    scope.get('/health/live', () => ({ status: 'ok' }))
    scope.get('/health/ready', async (_request, reply) => {
      const parts = await deps.readiness()
      const ready = Object.values(parts).every((part) => part === 'ok')
      const tensorflow = ready ? await deps.tensorflow() : undefined
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'down', parts, tensorflow })
    })
    done()
  }
}
