import { BadRequest, json } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import type { SlackApp } from '../apps.ts'
import { installed, isRevoked } from '../world.ts'
import type { World } from '../world.ts'
import { argumentsOf, SlackError, text, TooMany } from './call.ts'
import type { Arguments, WebMethod } from './call.ts'
import { changeMethods } from './chat-changes.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { historyMethods } from './history.ts'
import { personMethods } from './people.ts'
import { viewMethods } from './views.ts'

const methods: Readonly<Record<string, WebMethod>> = {
  ...chatMethods,
  ...changeMethods,
  ...conversationMethods,
  ...historyMethods,
  ...fileMethods,
  ...personMethods,
  ...viewMethods,
}

/** The methods of the Web API that this simulator has. */
export const methodNames: readonly string[] = Object.keys(methods)

function authenticated(world: World, exchange: Exchange, args: Arguments): SlackApp {
  const { authorization } = exchange.headers
  const token = authorization === undefined ? text(args, 'token') : /^Bearer (\S+)$/i.exec(authorization)?.[1]
  if (token === undefined) throw new SlackError('not_authed')
  const app = world.apps.find(({ botToken }) => botToken === token)
  if (app === undefined) throw new SlackError('invalid_auth')
  if (isRevoked(world, app.bot)) throw new SlackError('token_revoked')
  return installed(world, app)
}

function checkScope(app: SlackApp, method: WebMethod, args: Arguments): void {
  const needed = typeof method.scope === 'function' ? method.scope(args) : method.scope
  if (needed === undefined || app.scopes.includes(needed)) return
  throw new SlackError('missing_scope', { needed, provided: app.scopes.join(',') })
}

/** Slack's way to say that it was too much. */
export const tooMany = (headers: Readonly<Record<string, string>>): Reply =>
  json({ ok: false, error: 'ratelimited' }, { status: 429, headers })

function replyOfError(error: unknown): Reply {
  if (error instanceof SlackError) return json({ ok: false, error: error.code, ...error.details })
  if (error instanceof TooMany) return tooMany({ 'retry-after': `${error.seconds}` })
  if (error instanceof BadRequest) return json({ ok: false, error: 'invalid_arguments' })
  throw error
}

/** `/api/<method>`: HTTP 200 and `ok`, whatever went wrong, as the Web API answers; except under a scripted fault. */
export async function callWebApi(world: World, exchange: Exchange): Promise<Reply> {
  const name = exchange.path.slice('/api/'.length)
  const method = methods[name]
  if (method === undefined)
    return json({ ok: false, error: 'unknown_method', req_method: name.slice(0, 100), available: methodNames })
  try {
    const args = argumentsOf(exchange)
    const app = authenticated(world, exchange, args)
    const headers = { 'x-oauth-scopes': app.scopes.join(',') }
    return await world.faults.around(
      (wanted) => wanted === name,
      async () => {
        try {
          checkScope(app, method, args)
          return json({ ok: true, ...(await method.answer({ world, app, args })) }, { headers })
        } catch (error) {
          return replyOfError(error)
        }
      },
    )
  } catch (error) {
    return replyOfError(error)
  }
}
