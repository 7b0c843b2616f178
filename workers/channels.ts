import { createHttpChannel } from '../adapters/http/channel.ts'
import { createSlackChannel } from '../adapters/slack/channel.ts'
import { createXChannel } from '../adapters/x/channel.ts'
import type { ChannelName } from '../domain/bot.ts'
import type { Channel } from '../domain/channel.ts'
import { ServiceUnavailable } from '../domain/errors.ts'
import type { Config } from '../infra/config.ts'

function openChannel(config: Config, bot: string, channel: ChannelName): Channel {
  if (channel === 'http') return createHttpChannel()
  const slack = channel === 'slack' ? config.slack(bot) : undefined
  if (slack) return createSlackChannel({ token: slack.botToken, apiUrl: config.slackApiUrl })
  const x = channel === 'x' ? config.x(bot) : undefined
  if (x)
    return createXChannel({
      credentials: {
        consumerKey: x.consumerKey,
        consumerSecret: x.consumerSecrets[0] ?? '',
        accessToken: x.accessToken,
        accessTokenSecret: x.accessTokenSecret,
      },
      apiUrl: config.xApiUrl,
    })
  throw new ServiceUnavailable(`${channel} for ${bot}`, 'no credentials are configured for it')
}

/** One adapter per bot and channel, made on first use. */
export function openChannels(config: Config): (bot: string, channel: ChannelName) => Channel {
  const open = new Map<string, Channel>()
  return (bot, channel) => {
    const key = `${bot}:${channel}`
    const existing = open.get(key)
    if (existing) return existing
    const made = openChannel(config, bot, channel)
    open.set(key, made)
    return made
  }
}
