import type { SlackApp } from '../apps.ts'
import { stateOf } from '../blocks/fields.ts'
import type { Field } from '../blocks/fields.ts'
import { authorOf, contentOf, domainOf } from '../state/present.ts'
import { viewObject } from '../state/present-view.ts'
import type { Message, View } from '../state/workspace.ts'
import type { World } from '../world.ts'
import type { Handles } from './interaction.ts'

type Json = Readonly<Record<string, unknown>>

/** What a person did with an app. */
export interface Context {
  readonly world: World
  readonly app: SlackApp
  readonly user: string
}

/** The fields of every payload [/reference/interaction-payloads]. */
const common = (context: Context, trigger: string): Json => ({ ...origin(context), trigger_id: trigger })

function origin({ world, app, user }: Context): Json {
  const name = world.workspace.people.get(user)?.name ?? user
  return {
    user: { id: user, username: name.toLowerCase(), name: name.toLowerCase(), team_id: app.team },
    api_app_id: app.appId,
    token: 'deprecated',
    team: { id: app.team, domain: domainOf(app.team) },
    enterprise: null,
    is_enterprise_install: false,
  }
}

/** How Slack names a channel in forms and payloads. */
export function channelName({ workspace }: World, id: string): string {
  if (id.startsWith('D')) return 'directmessage'
  return workspace.conversations.get(id)?.name ?? id
}

const channelIn = ({ world }: Context, id: string): Json => ({ id, name: channelName(world, id) })

const messageIn = ({ world, app }: Context, message: Message): Json => ({
  ...contentOf(message, app.team),
  ...authorOf(message, world.apps),
  ...(message.metadata && { metadata: message.metadata }),
})

/** `state.values` in which the clicked element holds what was chosen. */
function stateAfter(blocks: Message['blocks'], { field: clicked, action, held }: Click): Json {
  const values = stateOf(blocks ?? [], (field) => {
    if (field.blockId !== clicked.blockId || field.actionId !== clicked.actionId) return held?.(field)
    const { type, selected_option, selected_options, value } = action
    if (selected_option !== undefined) return { type, selected_option }
    if (selected_options !== undefined) return { type, selected_options }
    return type === 'plain_text_input' ? { type, value } : undefined
  })
  return { values }
}

export interface Click {
  readonly field: Field
  /** The entry of `actions`. */
  readonly action: Json
  /** What was entered into the other fields of the message. */
  readonly held?: (field: Field) => Json | undefined
}

/** A click in a message. Of an ephemeral one Slack tells only where it was. */
export function messageClick(context: Context, message: Message, click: Click & Handles) {
  const isEphemeral = message.viewer !== undefined
  const { ts, channel, threadTs, blocks } = message
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs }
  return {
    type: 'block_actions',
    ...common(context, click.trigger),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: isEphemeral, ...thread },
    channel: channelIn(context, channel),
    ...(!isEphemeral && { message: messageIn(context, message) }),
    state: stateAfter(blocks, click),
    response_url: click.responseUrl,
    actions: [click.action],
  }
}

/** A click in a modal: without an address for answers. */
export const viewClick = (context: Context, view: View, click: Click & Handles) => ({
  type: 'block_actions',
  ...common(context, click.trigger),
  container: { type: 'view', view_id: view.id },
  view: viewObject(view, context.app, stateAfter(view.content.blocks, click)),
  actions: [click.action],
})

/** An entry of a message's menu. */
export const messageShortcut = (
  context: Context,
  message: Message,
  how: Handles & { readonly callbackId: string; readonly actionTs: string },
) => ({
  type: 'message_action',
  ...common(context, how.trigger),
  callback_id: how.callbackId,
  action_ts: how.actionTs,
  channel: channelIn(context, message.channel),
  message_ts: message.ts,
  message: messageIn(context, message),
  response_url: how.responseUrl,
})

/** A modal that is sent off. @param how.values what the person entered. */
export const viewSubmission = (
  context: Context,
  view: View,
  how: { readonly trigger: string; readonly values: Json },
) => ({
  type: 'view_submission',
  ...common(context, how.trigger),
  view: viewObject(view, context.app, { values: how.values }),
  response_urls: [],
})

/** A modal that is closed without sending it. */
export const viewClosed = (context: Context, view: View) => ({
  type: 'view_closed',
  ...origin(context),
  view: viewObject(view, context.app),
  is_cleared: false,
})
