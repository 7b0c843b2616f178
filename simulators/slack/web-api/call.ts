import { BadRequest } from '../../wire/exchange.ts'
import type { Exchange } from '../../wire/exchange.ts'
import type { SlackApp } from '../apps.ts'
import { checkBlocks, tooMuchMarkdown } from '../blocks/check.ts'
import type { Blocks } from '../blocks/check.ts'
import type { Conversation } from '../state/workspace.ts'
import type { World } from '../world.ts'

export type Arguments = Readonly<Record<string, unknown>>

/** One authenticated call of a Web API method. */
export interface Call {
  readonly world: World
  /** With the scopes that it has now. */
  readonly app: SlackApp
  readonly args: Arguments
}

/** A Web API method: what `ok: true` comes with. @throws SlackError for `ok: false`. */
export interface WebMethod {
  /** The scope it needs; a function when that depends on the conversation. */
  readonly scope?: string | ((args: Arguments) => string)
  readonly answer: (call: Call) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
}

/** Thrown when a method answers `{"ok":false,"error":code}`. */
export class SlackError extends Error {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** Thrown when Slack answers 429. */
export class TooMany extends Error {
  readonly seconds: number
  constructor(seconds: number) {
    super('ratelimited')
    this.seconds = seconds
  }
}

function jsonOf(body: string): Arguments {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Arguments
  } catch {
    throw new SlackError('invalid_json')
  }
  throw new SlackError('json_not_object')
}

/**
 * The arguments of a call: JSON, or a form whose objects are JSON strings, or the query.
 * @throws SlackError `invalid_post_type` for any other content type.
 */
export function argumentsOf(exchange: Exchange): Arguments {
  const fromQuery = Object.fromEntries(exchange.query)
  if (exchange.body.length === 0) return fromQuery
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  const text = exchange.body.toString('utf8')
  if (type === 'application/json') return { ...fromQuery, ...jsonOf(text) }
  if (type === 'application/x-www-form-urlencoded')
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(text)) }
  throw new SlackError('invalid_post_type')
}

/** A text argument, `undefined` when it is missing or empty. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args[name]
  if (typeof value === 'number') return `${value}`
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const flag = (args: Arguments, name: string): boolean =>
  args[name] === true || args[name] === 'true' || args[name] === '1'

/** An argument that is an object: itself in JSON, a JSON string in a form. */
export function object(args: Arguments, name: string): unknown {
  const value = args[name]
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    throw new BadRequest(`${name} is not JSON`)
  }
}

const timestamp = /^\d{1,10}\.\d{6}$/

/** The thread that was named. @throws SlackError `invalid_arguments`. */
export function threadTsOf(args: Arguments): string | undefined {
  const ts = text(args, 'thread_ts')
  if (ts !== undefined && !timestamp.test(ts)) throw new SlackError('invalid_arguments')
  return ts
}

/** Faults as Slack lists them. */
export const refusal = (code: string, faults: readonly string[]): SlackError =>
  new SlackError(code, { errors: faults, response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) } })

/** The blocks of a message, checked; none when there are none. @throws SlackError `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`. */
export function blocksOf(args: Arguments): Blocks | undefined {
  const given = args['blocks']
  if (given === undefined || given === '') return undefined
  const value = typeof given === 'string' ? parsed(given) : given
  if (!Array.isArray(value)) throw new SlackError('invalid_blocks_format')
  const result = checkBlocks(value)
  if ('faults' in result) throw refusal('invalid_blocks', result.faults)
  if (tooMuchMarkdown(result.value)) throw new SlackError('msg_blocks_too_long')
  return result.value.length === 0 ? undefined : result.value
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The conversation that the bot is in and that is not archived. @throws SlackError as Slack words it when there is none. */
export function writable(call: Call): Conversation {
  const conversation = conversationFor(call)
  if (conversation.archived) throw new SlackError('is_archived')
  return conversation
}

/** The conversation that the bot is in. @throws SlackError as Slack words it when there is none. */
export function conversationFor({ world, app, args }: Call): Conversation {
  const found = world.workspace.conversations.get(text(args, 'channel') ?? '')
  if (found === undefined) throw new SlackError('channel_not_found')
  if (!found.members.has(app.bot)) throw new SlackError('not_in_channel')
  return found
}
