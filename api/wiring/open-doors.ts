import type { ChannelName } from '../../domain/label.ts'
import { createSlackChannel } from '../../adapters/slack/channel.ts'
import { parseSlackCommand } from '../../adapters/slack/parse-command.ts'
import { parseSlackEvent } from '../../adapters/slack/parse-event.ts'
import { parseSlackInteraction } from '../../adapters/slack/parse-interaction.ts'
import { verifySlackRequest } from '../../adapters/slack/verify-request.ts'
import { parseXEvent } from '../../adapters/x/parse-event.ts'
import { crcResponse, verifyXRequest } from '../../adapters/x/verify-request.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Config } from '../../infra/config.ts'
import type { Door } from '../doors/door.ts'
import type { SlackDoors } from '../doors/slack.ts'
import type { XDoor } from '../doors/x.ts'

/** A form's trigger lives for 3 s; the person waits for the acknowledgement meanwhile. */
const openWithinMs = 2_000

const inTime = (work: Promise<boolean>): Promise<boolean> =>
  Promise.race([work, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), openWithinMs).unref())])

/** What the doors of a bot ask about while they are open. */
export interface DoorBots {
  /** A bot as it is now: people add labels while doors are open. */
  readonly named: (name: string) => Bot | undefined
}

/** What Slack sends to this bot, or `undefined` when it has no credentials for Slack. */
export function slackDoorsOf(config: Config, bot: Bot, bots: DoorBots): SlackDoors | undefined {
  const credentials = config.slack(bot.name)
  if (credentials === undefined) return undefined
  const channel = createSlackChannel({ token: credentials.botToken, apiUrl: config.slackApiUrl })
  const verify: Door['verify'] = (rawBody, header) =>
    verifySlackRequest(
      { rawBody, timestamp: header('x-slack-request-timestamp'), signature: header('x-slack-signature') },
      { secrets: credentials.signingSecrets, nowMs: Date.now() },
    )
  const now = () => ({ now: new Date().toISOString() })
  const current = () => bots.named(bot.name) ?? bot
  return {
    events: { verify, parse: (rawBody) => parseSlackEvent(rawBody, current()) },
    commands: { verify, parse: (rawBody) => parseSlackCommand(rawBody, current(), now()) },
    interactivity: { verify, parse: (rawBody) => parseSlackInteraction(rawBody, current(), now()) },
    openForm: (triggerId, form) => inTime(channel.openForm(triggerId, form)),
  }
}

/** What X sends to this bot, or `undefined` when it has no credentials for X. */
export function xDoorOf(config: Config, bot: Bot, bots: DoorBots): XDoor | undefined {
  const credentials = config.x(bot.name)
  return (
    credentials && {
      verify: (rawBody, header) =>
        verifyXRequest(
          { rawBody, signature: header('x-twitter-webhooks-signature') },
          { secrets: credentials.consumerSecrets },
        ),
      parse: (rawBody) => parseXEvent(rawBody, bots.named(bot.name) ?? bot),
      // X signs with one secret at a time: the first is the current one.
      crcResponse: (token) => crcResponse(token, credentials.consumerSecrets[0] ?? ''),
    }
  )
}

/** The doors of the bots that are on a channel, by the bot's name. */
export function doorsOf<D>(
  bots: readonly Bot[],
  channel: ChannelName,
  open: (bot: Bot) => D | undefined,
): (bot: string) => D | undefined {
  const doors = new Map(
    bots.filter((bot) => bot.channels.includes(channel)).map((bot) => [bot.name, open(bot)] as const),
  )
  return (bot) => doors.get(bot)
}
