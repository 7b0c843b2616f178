import { randomBytes } from 'node:crypto'
import { checkModal } from '../blocks/check.ts'
import { contentOfModal } from '../blocks/views.ts'
import type { ViewContent } from '../blocks/views.ts'
import { findView, stackOf, viewObject } from '../state/present-view.ts'
import type { View } from '../state/workspace.ts'
import { object, refusal, SlackError, text } from './call.ts'
import type { Call, WebMethod } from './call.ts'

/** [/reference/methods/views.open] */
const largestView = 250_000
const deepestStack = 3

/** What the modal is kept as. @throws SlackError `invalid_arguments`, `view_too_large`. */
export function contentFrom(value: unknown): ViewContent {
  const result = checkModal(value)
  if ('faults' in result) throw refusal('invalid_arguments', result.faults)
  const content = contentOfModal(result.value)
  if (JSON.stringify(content).length > largestView) throw new SlackError('view_too_large')
  return content
}

/** The id and the hash of a modal that is new, or new again. */
export const newViewId = (): string => `V0${randomBytes(5).toString('hex').toUpperCase()}`
export const newHash = (): string => `${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`

/** Whose click or command the call uses up. @throws SlackError when it was used before, is older than 3 s, or is another app's. */
function exchanged({ world, app, args }: Call): { readonly trigger: string; readonly user: string } {
  const id = text(args, 'trigger_id')
  if (id === undefined) throw new SlackError('invalid_arguments')
  const trigger = world.workspace.triggers.get(id)
  if (trigger?.bot !== app.bot) throw new SlackError('invalid_trigger_id')
  if (trigger.used) throw new SlackError('exchanged_trigger_id')
  if (Date.now() > trigger.expiresMs) throw new SlackError('expired_trigger_id')
  return { trigger: id, user: trigger.user }
}

function checkName({ world }: Call, { external_id }: ViewContent, self?: View): void {
  if (external_id === '') return
  const known = findView(world.workspace, { id: undefined, externalId: external_id })
  if (known !== undefined && known !== self) throw new SlackError('duplicate_external_id')
}

const answer = ({ world, app }: Call, id: string) => {
  const view = world.workspace.views.get(id)
  return view === undefined ? {} : { view: viewObject(view, app) }
}

const open: WebMethod = {
  answer: async (call) => {
    const view = contentFrom(object(call.args, 'view'))
    checkName(call, view)
    const id = newViewId()
    const { bot } = call.app
    await call.world.ledger.record({ method: 'views.open', id, bot, hash: newHash(), view, ...exchanged(call) })
    return answer(call, id)
  },
}

const push: WebMethod = {
  answer: async (call) => {
    const { world, app, args } = call
    const view = contentFrom(object(args, 'view'))
    checkName(call, view)
    const used = exchanged(call)
    const stack = stackOf(world.workspace, { bot: app.bot, user: used.user })
    const previous = stack.at(-1)?.id
    if (previous === undefined) throw new SlackError('not_found')
    if (stack.length >= deepestStack) throw new SlackError('push_limit_reached')
    const id = newViewId()
    const made = { id, bot: app.bot, hash: newHash(), view, previous }
    await world.ledger.record({ method: 'views.push', ...made, ...used })
    return answer(call, id)
  },
}

const update: WebMethod = {
  answer: async (call) => {
    const { world, app, args } = call
    const name = { id: text(args, 'view_id'), externalId: text(args, 'external_id') }
    const known = findView(world.workspace, name)
    if (known?.bot !== app.bot) throw new SlackError('not_found')
    const view = contentFrom(object(args, 'view'))
    checkName(call, view, known)
    const hash = text(args, 'hash')
    if (hash !== undefined && hash !== known.hash) throw new SlackError('hash_conflict')
    await world.ledger.record({ method: 'views.update', id: known.id, bot: app.bot, hash: newHash(), view })
    return answer(call, known.id)
  },
}

export const viewMethods: Readonly<Record<string, WebMethod>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
}
