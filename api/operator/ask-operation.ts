import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asked, NotDone } from '../../operations/operation.ts'
import { sendProblem } from '../problems.ts'
import { actorOf, sendNoRole } from './access.ts'
import { sendUnreachable } from './learning/problems.ts'

/** Who asks, under the key of `Idempotency-Key`; without that header every request is a new one. */
export function askedBy(request: FastifyRequest): Asked {
  const { id, roles } = actorOf(request)
  const key = request.headers['idempotency-key']
  return { actor: { id, roles }, key: typeof key === 'string' ? `${request.method} ${key}` : randomUUID() }
}

const otherRequest = {
  status: 409,
  title: 'The key was used for another request',
  detail: 'Send what you sent first to get its result again, or another Idempotency-Key for something else.',
}

/** What is sent when an operation did nothing. */
export function sendNotDone(reply: FastifyReply, done: NotDone): FastifyReply {
  switch (done.kind) {
    case 'not-allowed':
      return sendNoRole(reply, done.role)
    case 'other-request':
      return sendProblem(reply, otherRequest)
    case 'unreachable':
      return sendUnreachable(reply)
  }
}
