import type { Outcome } from '../../wire/post-once.ts'
import { nextTs } from '../state/workspace.ts'
import { SlackError } from '../web-api/call.ts'
import { wordsOf } from '../web-api/chat.ts'
import type { World } from '../world.ts'
import { isAcknowledged, objectIn } from './interaction.ts'
import { publish } from './tell.ts'

/** A slash command that was typed. */
export interface Command {
  readonly bot: string
  readonly channel: string
  readonly user: string
  /** As the person typed it. */
  readonly typed: string
}

const notice = (
  world: World,
  channel: string,
  rest: { readonly text: string; readonly author?: string; readonly viewer?: string },
) => world.ledger.record({ method: '_sim/notices', id: nextTs(world.workspace), channel, ...rest })

const complain = (world: World, { channel, user, typed }: Command, code: string) =>
  notice(world, channel, { viewer: user, text: `${typed.split(' ')[0] ?? ''} failed with the error "${code}"` })

/** Plain text, or a message as JSON; nothing when there is nothing to show. */
function wordsIn(body: string) {
  const value = objectIn(body)
  if (value === undefined) return body.trim() === '' ? undefined : { words: wordsOf({ text: body }), isPublic: false }
  if (value['text'] === undefined && value['blocks'] === undefined) return undefined
  return { words: wordsOf(value), isPublic: value['response_type'] === 'in_channel' }
}

/** Shows what the acknowledgement of a command says: to everybody with the typed command, to the person alone, or not at all. */
export async function showAcknowledgement(world: World, command: Command, outcome: Outcome): Promise<void> {
  const { bot, channel, user, typed } = command
  if (!isAcknowledged(outcome))
    return complain(world, command, outcome.failure === 'timeout' ? 'operation_timeout' : 'dispatch_failed')
  try {
    const said = wordsIn(outcome.body)
    if (said === undefined) return
    if (said.isPublic) await notice(world, channel, { author: user, text: typed })
    const record = { method: 'ack', id: nextTs(world.workspace), bot, channel, ...said.words } as const
    await publish(world, said.isPublic ? record : { ...record, user })
  } catch (error) {
    if (!(error instanceof SlackError)) throw error
    await complain(world, command, 'invalid_command_response')
  }
}
