import { ServiceUnavailable } from '../../../domain/errors.ts'
import type { FastifyReply } from 'fastify'
import { type Problem, sendProblem } from '../../problems.ts'

const temporalIsDown: Problem = {
  status: 503,
  title: 'Temporal cannot be reached',
  detail: 'Nothing was started. Try again when it is back; `understudy doctor` says what is wrong.',
}

/** What is sent when something can only be started by Temporal, and that does not answer. */
export const sendUnreachable = (reply: FastifyReply): FastifyReply => sendProblem(reply, temporalIsDown)

/** What was asked for does not fit how things stand now. */
export const sendConflict = (reply: FastifyReply, title: string, detail: string): FastifyReply =>
  sendProblem(reply, { status: 409, title, detail })

/** Answers, unless Temporal cannot be asked. */
export async function whenReachable(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof ServiceUnavailable) return sendUnreachable(reply)
    throw error
  }
}
