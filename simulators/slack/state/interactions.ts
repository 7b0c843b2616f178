import { opened } from './change.ts'
import type { Applier, Change } from './change.ts'
import { storeFiles } from './posts.ts'
import type { RecordOf } from './records.ts'
import { conversationOf, personOf } from './workspace.ts'
import type { View, Workspace } from './workspace.ts'

/** A trigger lives 3 s, an answer's address half an hour [/interactivity/handling-user-interaction]. */
const triggerMs = 3000
const hookMs = 30 * 60_000

function interacted(workspace: Workspace, record: RecordOf<'_sim/interactions'>, atMs: number): readonly Change[] {
  const { bot, user, channel, hook } = record
  workspace.triggers.set(record.trigger, { bot, user, expiresMs: atMs + triggerMs, used: false })
  personOf(workspace, user)
  if (channel === undefined) return []
  conversationOf(workspace, channel).people.add(user)
  if (hook)
    workspace.hooks.set(hook.token, {
      ...{ bot, user, channel, ts: hook.ts, threadTs: hook.threadTs },
      expiresMs: atMs + hookMs,
      uses: 0,
    })
  return []
}

type Opened = RecordOf<'views.open' | 'views.push' | 'view_ack.push'>

function openView(workspace: Workspace, record: Opened): readonly Change[] {
  const { id, bot, user, previous, hash } = record
  if ('trigger' in record) {
    const trigger = workspace.triggers.get(record.trigger)
    if (trigger) trigger.used = true
  }
  const root = previous === undefined ? id : (workspace.views.get(previous)?.root ?? id)
  const view: View = { id, bot, user, root, previous, content: record.view, hash, open: true }
  workspace.views.set(id, view)
  return opened(view)
}

function closeView(workspace: Workspace, id: string, all: boolean): readonly Change[] {
  const view = workspace.views.get(id)
  if (view === undefined) return []
  const closing = all ? [...workspace.views.values()].filter(({ root, open }) => open && root === view.root) : [view]
  for (const one of closing) one.open = false
  return closing.flatMap(opened)
}

function updateView(workspace: Workspace, record: RecordOf<'views.update' | 'view_ack.update'>): readonly Change[] {
  const view = workspace.views.get(record.id)
  if (view) Object.assign(view, { content: record.view, hash: record.hash })
  return opened(view)
}

/** Clicks, commands and modals. */
export const applyInteractions: Applier = (workspace, record, { at }) => {
  switch (record.method) {
    case '_sim/interactions':
      return interacted(workspace, record, Date.parse(at))
    case '_sim/uploads':
      storeFiles(workspace, record.files, record.user)
      return []
    case '_sim/expire':
      for (const one of [...workspace.triggers.values(), ...workspace.hooks.values()]) one.expiresMs = 0
      return []
    case 'views.open':
    case 'views.push':
    case 'view_ack.push':
      return openView(workspace, record)
    case 'views.update':
    case 'view_ack.update':
      return updateView(workspace, record)
    case 'view_ack.close':
      return closeView(workspace, record.id, record.all)
    case '_sim/views':
      return closeView(workspace, record.id, false)
    default:
      return undefined
  }
}
