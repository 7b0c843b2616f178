import { z } from 'zod'
import { BadRequest, json } from '../../wire/exchange.ts'
import { bodyOf } from '../../wire/routes.ts'
import type { Route } from '../../wire/routes.ts'
import type { SlackApp } from '../apps.ts'
import { showAcknowledgement } from '../delivery/ack.ts'
import { begin, sendForm, sendPayload, told } from '../delivery/interaction.ts'
import type { Handles } from '../delivery/interaction.ts'
import { channelName, messageShortcut } from '../delivery/payloads.ts'
import { domainOf } from '../state/present.ts'
import { takeTs } from '../state/workspace.ts'
import type { World } from '../world.ts'
import { appOf, channelId, messageSeenBy, timestamp, userId } from './find.ts'

const commandShape = z.strictObject({
  bot: z.string(),
  channel: channelId,
  user: userId,
  command: z.string().regex(/^\/[^\s]{1,31}$/, 'is a slash and up to 31 characters'),
  text: z.string().max(40_000).default(''),
})
type Asked = z.infer<typeof commandShape>

/** The form of a slash command [/interactivity/implementing-slash-commands]. */
function fieldsOf(world: World, app: SlackApp, command: Asked & Handles) {
  return {
    token: 'deprecated',
    team_id: app.team,
    team_domain: domainOf(app.team),
    channel_id: command.channel,
    channel_name: channelName(world, command.channel),
    user_id: command.user,
    user_name: (world.workspace.people.get(command.user)?.name ?? command.user).toLowerCase(),
    command: command.command,
    text: command.text,
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: command.responseUrl ?? '',
    trigger_id: command.trigger,
  }
}

const typeCommand = (world: World): Route => ({
  pattern: 'POST /_sim/commands',
  handle: async (exchange) => {
    const asked = bodyOf(exchange, commandShape)
    const app = appOf(world, asked.bot)
    if (app.commands.length > 0 && !app.commands.some(({ command }) => command === asked.command))
      throw new BadRequest(`command: ${asked.command} is not one of this app's`, 404)
    const handles = await begin(world, { app, user: asked.user, channel: asked.channel, kind: 'commands' })
    const fields = fieldsOf(world, app, { ...asked, ...handles })
    const outcome = await sendForm(world, app, { url: app.commandsUrl, type: 'command', fields })
    const typed = `${asked.command} ${asked.text}`.trim()
    await showAcknowledgement(world, { bot: app.bot, channel: asked.channel, user: asked.user, typed }, outcome)
    return json({ ...told(handles.trigger, outcome), responseUrl: handles.responseUrl })
  },
})

const shortcutShape = z.strictObject({
  bot: z.string(),
  ts: timestamp,
  channel: channelId.optional(),
  user: userId,
  callbackId: z.string().min(1).max(255),
})

const useShortcut = (world: World): Route => ({
  pattern: 'POST /_sim/shortcuts',
  handle: async (exchange) => {
    const { bot, ts, channel, user, callbackId } = bodyOf(exchange, shortcutShape)
    const app = appOf(world, bot)
    const message = messageSeenBy(world, { ts, channel, user })
    if (message.viewer !== undefined) throw new BadRequest('ts: an ephemeral message has no such menu', 404)
    if (app.shortcuts.length > 0 && !app.shortcuts.some((known) => known.callbackId === callbackId))
      throw new BadRequest("callbackId: it is not one of this app's", 404)
    const handles = await begin(world, { app, user, channel: message.channel, clicked: message, kind: 'app' })
    const how = { ...handles, callbackId, actionTs: takeTs(world.workspace) }
    const outcome = await sendPayload(world, app, messageShortcut({ world, app, user }, message, how))
    return json({ ...told(handles.trigger, outcome), responseUrl: handles.responseUrl })
  },
})

const sslShape = z.strictObject({ bot: z.string() })

/** Slack's check of a certificate: a form without a signature, to which nothing but 200 may be said. */
const checkSsl = (world: World): Route => ({
  pattern: 'POST /_sim/ssl-check',
  handle: async (exchange) => {
    const app = appOf(world, bodyOf(exchange, sslShape).bot)
    const check = async (url: string) => {
      const fields = { ssl_check: '1', token: 'deprecated' }
      const { status, ms, body } = await sendForm(world, app, { url, type: 'ssl_check', fields, unsigned: true })
      return { status, ms, body }
    }
    return json({ commands: await check(app.commandsUrl), events: await check(app.eventsUrl) })
  },
})

/** Slash commands and the entries of a message's menu. */
export const commandRoutes = (world: World): readonly Route[] => [
  typeCommand(world),
  useShortcut(world),
  checkSsl(world),
]
