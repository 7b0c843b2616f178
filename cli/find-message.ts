import { type Message, message, messagesFound, type OutcomeName, outcomeName } from '../api/contract/messages.ts'
import type { ApiClient } from './api-client.ts'
import { CommandFailed, WrongUse } from './failure.ts'
import { harmless } from './terminal.ts'

/** A message's id, with the place of one of its pictures where the words name a prediction. */
const predictionPattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:_(\d{1,2}))?$/i

/** A message as the commands show it: one that has no outcome yet is `open`. */
export type FoundMessage = Omit<Message, 'outcome'> & { readonly outcome: OutcomeName }

/** One message by its id. */
export async function messageById(api: ApiClient, id: string): Promise<FoundMessage> {
  const found = await api.get(`/api/messages/${encodeURIComponent(id)}`, message)
  return { ...found, outcome: outcomeName(found.outcome) }
}

/**
 * The one message that a link, a platform's id, a workflow id, a prediction or a message id names.
 * @throws CommandFailed when there is none; WrongUse when there are several, which it names.
 */
export async function findMessage(api: ApiClient, words: string): Promise<FoundMessage> {
  const [, id] = predictionPattern.exec(words) ?? []
  if (id !== undefined) return messageById(api, id)
  const { messages } = await api.get(`/api/find?${new URLSearchParams({ q: words }).toString()}`, messagesFound)
  const [first, ...others] = messages
  if (first === undefined)
    throw new CommandFailed(
      `Nothing is known by ${harmless(words)}.`,
      'It may be a link to a message, a platform id, a workflow id or a message id; a message of minutes ago may still be on its way.',
    )
  if (others.length === 0) return messageById(api, first.id)
  const lines = messages.map((each) => `  ${each.id}  ${each.bot}  ${each.receivedAt}  ${outcomeName(each.outcome)}`)
  throw new WrongUse(
    `Several messages are known by ${harmless(words)}:\n${lines.join('\n')}`,
    'Name one of them by its id.',
  )
}

/** The place that a prediction names; `undefined` when the words are no prediction or name none. */
export function positionIn(words: string): number | undefined {
  const [, , position] = predictionPattern.exec(words) ?? []
  return position === undefined ? undefined : Number(position)
}
