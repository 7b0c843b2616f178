import { BadRequest, json } from '../../wire/exchange.ts'
import type { Exchange, Reply } from '../../wire/exchange.ts'
import { change, publish, remove } from '../delivery/tell.ts'
import type { RecordOf } from '../state/records.ts'
import { findMessage, nextTs } from '../state/workspace.ts'
import type { Hook, Message } from '../state/workspace.ts'
import { argumentsOf, flag, object, SlackError, text, threadTsOf } from '../web-api/call.ts'
import type { Arguments } from '../web-api/call.ts'
import { wordsOf } from '../web-api/chat.ts'
import { isRevoked } from '../world.ts'
import type { World } from '../world.ts'

/** [/interactivity/handling-user-interaction] */
const mostUses = 5

const failure = (error: string, status: number): Reply => json({ ok: false, error }, { status })

/** JSON, or a form whose `payload` is JSON. */
function bodyOf(exchange: Exchange): Arguments {
  const args = argumentsOf(exchange)
  const payload = args['payload']
  if (typeof payload !== 'string') return args
  const value = object(args, 'payload')
  if (typeof value !== 'object' || value === null) throw new SlackError('invalid_payload')
  return { ...value }
}

interface Use {
  readonly world: World
  readonly hook: Hook
  readonly token: string
  readonly args: Arguments
}

const recordBase = ({ hook, token }: Use, id: string) =>
  ({ method: 'response_url', id, bot: hook.bot, channel: hook.channel, hook: token }) as const

async function rewrite(use: Use, original: Message): Promise<void> {
  const { world, args } = use
  const same = {
    ...(original.viewer !== undefined && { user: original.viewer }),
    ...(original.threadTs !== undefined && { threadTs: original.threadTs }),
  }
  if (flag(args, 'delete_original')) {
    await remove(world, original, { ...recordBase(use, original.ts), ...same, action: 'delete', text: '' })
    return
  }
  await change(world, original, { ...recordBase(use, original.ts), ...same, action: 'replace', ...wordsOf(args) })
}

async function post(use: Use): Promise<void> {
  const { world, hook, args } = use
  const threadTs = threadTsOf(args) ?? hook.threadTs
  const record: RecordOf<'response_url'> = {
    ...recordBase(use, nextTs(world.workspace)),
    ...wordsOf(args),
    action: 'post',
    ...(text(args, 'response_type') !== 'in_channel' && { user: hook.user }),
    ...(threadTs !== undefined && { threadTs }),
  }
  await publish(world, record)
}

async function use(one: Use): Promise<Reply> {
  const { world, hook, args } = one
  const wantsOriginal = flag(args, 'delete_original') || flag(args, 'replace_original')
  const original =
    wantsOriginal && hook.ts !== undefined ? findMessage(world.workspace, hook.ts, hook.channel) : undefined
  if (original !== undefined) await rewrite(one, original)
  else if (flag(args, 'delete_original')) return failure('message_not_found', 404)
  else await post(one)
  return json({ ok: true })
}

/** An answer to a click or a command, at the address that came with it: 5 times within 30 minutes, without a token. */
export async function serveHook(world: World, exchange: Exchange): Promise<Reply> {
  const [, , , , token = ''] = exchange.path.split('/')
  const hook = world.workspace.hooks.get(token)
  if (hook === undefined || exchange.method !== 'POST') return failure('no_service', 404)
  if (Date.now() > hook.expiresMs) return failure('expired_url', 404)
  if (hook.uses >= mostUses) return failure('used_url', 404)
  if (isRevoked(world, hook.bot)) return failure('token_revoked', 403)
  if (world.workspace.conversations.get(hook.channel)?.archived) return failure('channel_is_archived', 410)
  try {
    return await use({ world, hook, token, args: bodyOf(exchange) })
  } catch (error) {
    if (error instanceof SlackError) return failure(error.code, 400)
    if (error instanceof BadRequest) return failure('invalid_payload', 400)
    throw error
  }
}
