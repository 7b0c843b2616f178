import type { FastifyInstance } from 'fastify'
import { sendNotFound, sendProblem } from '../problems.ts'
import { type Door, type DoorDeps, keepRawBodies, receive } from './door.ts'

/** X's door, and its challenge-response check. */
export interface XDoor extends Door {
  readonly crcResponse: (token: string) => string
}

/** X's tokens are short; anything else is somebody trying the HMAC as an oracle. */
const longestCrcToken = 256

/** `POST /x/:bot/webhook`: signed X events. `GET`: the CRC, by which X checks that the webhook holds the consumer secret. */
export function xDoor(deps: DoorDeps & { readonly doorOf: (bot: string) => XDoor | undefined }) {
  return (scope: FastifyInstance, _options: unknown, done: () => void): void => {
    keepRawBodies(scope)
    scope.get<{ Params: { bot: string }; Querystring: { crc_token?: unknown } }>(
      '/x/:bot/webhook',
      async (request, reply) => {
        const door = deps.doorOf(request.params.bot)
        if (door === undefined) return sendNotFound(reply)
        const token = request.query.crc_token
        if (typeof token !== 'string' || token === '' || token.length > longestCrcToken)
          return sendProblem(reply, { status: 400, title: 'The query needs one crc_token', detail: 'X sends it.' })
        return reply.send({ response_token: door.crcResponse(token) })
      },
    )
    scope.post<{ Params: { bot: string } }>('/x/:bot/webhook', async (request, reply) => {
      const { bot } = request.params
      const door = deps.doorOf(bot)
      if (door === undefined) return sendNotFound(reply)
      return receive(deps, door, { request, reply, bot, channel: 'x' })
    })
    done()
  }
}
