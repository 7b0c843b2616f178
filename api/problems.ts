import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { MalformedEvent, SignatureRejected, type UnderstudyError } from '../domain/errors.ts'
import { TooManyRequests } from './rate-limits.ts'

/** An error as the caller reads it (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail: string
}

const outage: Problem = {
  status: 503,
  title: 'The database does not answer',
  detail: 'Try again in a moment. If it stays so: look at logs/postgres.log in the data folder, or at DATABASE_URL.',
}

const busy: Problem = {
  status: 503,
  title: 'This process has too much to do just now',
  detail: 'Try again in some seconds.',
}

const nothingHere: Problem = { status: 404, title: 'There is nothing here', detail: 'Check the path and the bot.' }

function problemOf(error: FastifyError | UnderstudyError): Problem {
  if (error instanceof SignatureRejected)
    return { status: 401, title: 'The signature was rejected', detail: `The signature is ${error.reason}.` }
  if (error instanceof MalformedEvent) return { status: 400, title: 'The event cannot be read', detail: error.message }
  if (error instanceof TooManyRequests)
    return { status: error.statusCode, title: 'Too many requests', detail: error.message }
  if (error.code === 'FST_UNDER_PRESSURE') return busy
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  return status < 500
    ? { status, title: 'The request was refused', detail: error.message }
    : { status, title: 'Something went wrong here', detail: 'It was logged; trying again may help.' }
}

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem })

export const sendNotFound = (reply: FastifyReply): FastifyReply => sendProblem(reply, nothingHere)

/** Every error leaves as a problem; only the unexpected ones are logged as errors, without their message. */
export function answerProblems(app: FastifyInstance, isOutage: (error: unknown) => boolean = () => false): void {
  app.setErrorHandler<FastifyError | UnderstudyError>((error, request, reply) => {
    const isDown = isOutage(error)
    const problem = isDown ? outage : problemOf(error)
    if (problem.status >= 500)
      request.log.error({ code: error.code, name: error.name, status: problem.status }, 'a request failed')
    return sendProblem(isDown ? reply.header('retry-after', '5') : reply, problem)
  })
  app.setNotFoundHandler((_request, reply) => sendNotFound(reply))
}
