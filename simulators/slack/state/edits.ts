import type { Blocks } from '../blocks/check.ts'
import { changed } from './change.ts'
import type { Applier, Change } from './change.ts'
import { findMessage } from './workspace.ts'
import type { Message, Workspace } from './workspace.ts'

/** Gives a message other words and blocks; `edited` shows only where there are no blocks [/reference/methods/chat.update]. */
export function rewrite(
  message: Message,
  words: { readonly text: string; readonly blocks?: Blocks | undefined },
  at: string,
): readonly Change[] {
  message.text = words.text
  message.blocks = words.blocks
  message.editedTs = `${Math.floor(Date.parse(at) / 1000)}.000000`
  return changed(message)
}

function remove<T>(list: T[], one: T): void {
  const at = list.indexOf(one)
  if (at >= 0) list.splice(at, 1)
}

/** Takes a message away. */
export function removeMessage(workspace: Workspace, message: Message): readonly Change[] {
  remove(workspace.messages, message)
  remove(workspace.conversations.get(message.channel)?.messages ?? [], message)
  return [{ kind: 'message', message, deleted: true }]
}

/** What becomes of messages that are there. */
export const applyEdits: Applier = (workspace, record, { at }) => {
  switch (record.method) {
    case 'chat.update':
    case '_sim/edits': {
      const message = findMessage(workspace, record.id, record.channel)
      if (message === undefined) return []
      if ('metadata' in record) message.metadata = record.metadata
      return rewrite(message, record, at)
    }
    case 'chat.delete':
    case '_sim/deletions': {
      const message = findMessage(workspace, record.id, record.channel)
      return message === undefined ? [] : removeMessage(workspace, message)
    }
    case 'reactions.add': {
      const message = findMessage(workspace, record.id, record.channel)
      if (message) message.reactions = [...message.reactions, { name: record.name, bot: record.bot }]
      return changed(message)
    }
    default:
      return undefined
  }
}
