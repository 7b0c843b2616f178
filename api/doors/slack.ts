import type { FastifyInstance } from 'fastify'
import { sendNotFound } from '../problems.ts'
import { type Door, type DoorDeps, keepRawBodies, receive } from './door.ts'

/** `POST /slack/:bot/events`: signed Slack events. `doorOf` is `undefined` for a bot that is not on Slack. */
export function slackDoor(deps: DoorDeps & { readonly doorOf: (bot: string) => Door | undefined }) {
  return (scope: FastifyInstance, _options: unknown, done: () => void): void => {
    keepRawBodies(scope)
    scope.post<{ Params: { bot: string } }>('/slack/:bot/events', async (request, reply) => {
      const { bot } = request.params
      const door = deps.doorOf(bot)
      if (door === undefined) return sendNotFound(reply)
      return receive(deps, door, { request, reply, bot, channel: 'slack' })
    })
    done()
  }
}
