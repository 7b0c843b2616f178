import { post as call, Refused } from '../../wire/page/call.js'
import { asSent, channelOf, partnerIn, person } from './workspace.js'

/**
 * @typedef {import('./workspace.js').Workspace} Workspace @typedef {import('./workspace.js').Bot} Bot
 * @typedef {{ readonly workspace: Workspace, readonly channel: string, readonly threadTs?: string | undefined, readonly text: string,
 *   readonly files: readonly import('../../wire/page/attachments.js').Upload[], readonly chosen: ReadonlyMap<string, string> }} Written
 */

/** @param {Bot | undefined} bot @param {string} command */
const has = (bot, command) => bot?.commands.some((known) => known.command === command) === true

/** The bot that a command is for; one without a list of commands takes them all. @param {Written} written @param {string} command */
function botFor({ workspace, channel, chosen }, command) {
  const partner = partnerIn(workspace, channelOf(workspace, channel))
  const picked = workspace.bots.find(({ bot }) => bot === chosen.get(command))
  const owner = [picked, partner, ...workspace.bots].find((bot) => has(bot, command))
  return owner ?? [partner, ...workspace.bots].find((bot) => bot?.commands.length === 0)
}

/** @param {Written} written @throws Refused as Slack words it. */
async function sendCommand(written) {
  const [, command = '', rest = ''] = /^(\/\S*)\s*([\s\S]*)$/.exec(written.text) ?? []
  if (written.threadTs !== undefined) throw new Refused(`${command} is not supported in threads. Sorry!`)
  const bot = botFor(written, command)
  if (bot === undefined)
    throw new Refused(`${command} is not a valid command. Begin with a space to send it as a message.`)
  if (written.files.length > 0) throw new Refused('A command carries no files. Send them as a message first.')
  const text = asSent(written.workspace, rest)
  await call('/_sim/commands', { bot: bot.bot, channel: written.channel, user: person(), command, text })
}

/** @param {Written} written */
async function sendMessage({ workspace, channel: id, threadTs, text: typed, files }) {
  const channel = channelOf(workspace, id)
  const isMember = (/** @type {Bot} */ { userId }) => channel?.members.includes(userId) === true
  const text = asSent(workspace, typed.trim())
  const mentioned = workspace.bots.filter(({ userId }) => text.includes(`<@${userId}>`))
  const [first, ...others] = mentioned
  const bot = partnerIn(workspace, channel) ?? first ?? workspace.bots.find(isMember) ?? workspace.bots[0]
  if (bot === undefined) throw new Refused('There is no bot in this workspace.')
  // Slack asks whether to invite a bot that is mentioned and not there; here the answer is yes.
  const guests = others.filter((other) => !isMember(other)).map((other) => other.bot)
  if (guests.length > 0) await call('/_sim/channels', { channel: id, members: guests })
  await call('/_sim/messages', {
    bot: bot.bot,
    channel: id,
    user: person(),
    text,
    files,
    ...(threadTs !== undefined && { threadTs }),
  })
}

/** Sends what a person wrote: a command when it begins with a slash. @param {Written} written @throws Refused */
export const send = (written) => (written.text.startsWith('/') ? sendCommand(written) : sendMessage(written))
