import type { Applier } from './change.ts'
import type { RecordOf } from './records.ts'
import { conversationOf, furnish, personOf } from './workspace.ts'
import type { Workspace } from './workspace.ts'

function clear(workspace: Workspace): void {
  const { conversations, files, pictures, people, views, triggers, hooks, installations } = workspace
  for (const all of [conversations, files, pictures, people, views, triggers, hooks, installations]) all.clear()
  workspace.messages.length = 0
  furnish(workspace)
}

function setChannel(workspace: Workspace, record: RecordOf<'_sim/channels'>): void {
  const conversation = conversationOf(workspace, record.channel)
  conversation.archived = record.archived
  if (record.name !== undefined) conversation.name = record.name
  for (const bot of record.members) conversation.members.add(bot)
  for (const who of record.left) if (!conversation.members.delete(who)) conversation.people.delete(who)
}

function openDirect(workspace: Workspace, record: RecordOf<'_sim/dm' | 'conversations.open'>): void {
  const conversation = conversationOf(workspace, record.channel)
  conversation.members.add(record.bot)
  conversation.people.add(personOf(workspace, record.user).id)
}

function setPerson(workspace: Workspace, { user, name, picture }: RecordOf<'_sim/people'>): void {
  const person = personOf(workspace, user)
  if (name !== undefined) person.name = name
  if (picture !== undefined) person.picture = picture === '' ? undefined : Buffer.from(picture, 'base64')
}

/** Channels, people, apps, files and pictures. */
export const applySettings: Applier = (workspace, record) => {
  switch (record.method) {
    case '_sim/channels':
      setChannel(workspace, record)
      return []
    case '_sim/dm':
    case 'conversations.open':
      openDirect(workspace, record)
      return []
    case '_sim/people':
      setPerson(workspace, record)
      return []
    case '_sim/files': {
      const file = workspace.files.get(record.id)
      if (file) file.gone = record.gone
      return []
    }
    case '_sim/apps':
      workspace.installations.set(record.bot, record)
      return []
    case '_sim/pictures':
      workspace.pictures.set(record.picture.path, record.picture)
      return []
    case '_sim/reset':
      clear(workspace)
      return [{ kind: 'reset' }]
    default:
      return undefined
  }
}
