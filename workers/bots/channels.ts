import type { Logger } from 'pino'
import type { ChannelName } from '../../domain/label.ts'
import { createHttpChannel } from '../../adapters/http/channel.ts'
import { createSlackChannel } from '../../adapters/slack/channel.ts'
import { createXChannel } from '../../adapters/x/channel.ts'
import type { Channel } from '../../domain/channel.ts'
import { ServiceUnavailable } from '../../domain/errors.ts'
import { missingApprovals } from '../../domain/x-approval.ts'
import type { Config } from '../../infra/config.ts'

interface ChannelContext {
  readonly config: Config
  readonly log: Pick<Logger, 'warn'>
}

/**
 * X demands approval before a program replies. Without it nothing is sent and nothing is lost: messages wait, as they do for
 * missing credentials, and `understudy doctor` says what to do.
 */
function assertApproved({ config }: ChannelContext, bot: string): void {
  const missing = missingApprovals(config.xApproval(bot), { live: config.xApiUrl === 'live' })
  if (missing.length === 0) return
  const variables = missing.map(({ variable }) => variable).join(', ')
  throw new ServiceUnavailable(`x for ${bot}`, `not stated yet: ${variables}; see understudy doctor`)
}

function openChannel(context: ChannelContext, bot: string, channel: ChannelName): Channel {
  const { config, log } = context
  if (channel === 'http') return createHttpChannel()
  const slack = channel === 'slack' ? config.slack(bot) : undefined
  if (slack) return createSlackChannel({ token: slack.botToken, apiUrl: config.slackApiUrl })
  const x = channel === 'x' ? config.x(bot) : undefined
  if (x) assertApproved(context, bot)
  if (x)
    return createXChannel({
      credentials: {
        consumerKey: x.consumerKey,
        consumerSecret: x.consumerSecrets[0] ?? '',
        accessToken: x.accessToken,
        accessTokenSecret: x.accessTokenSecret,
      },
      apiUrl: config.xApiUrl,
      closed: ({ endpoint, limit, resetAt }) =>
        log.warn({ bot, endpoint, limit, resetAt }, 'X takes no more of these calls until then; replies wait'),
    })
  throw new ServiceUnavailable(`${channel} for ${bot}`, 'no credentials are configured for it')
}

/**
 * One adapter per bot and channel, made on first use.
 * @throws ServiceUnavailable when the bot has no credentials there, or X's approval is not stated.
 */
export function openChannels(context: ChannelContext): (bot: string, channel: ChannelName) => Channel {
  const open = new Map<string, Channel>()
  return (bot, channel) => {
    const key = `${bot}:${channel}`
    const existing = open.get(key)
    if (existing) return existing
    const made = openChannel(context, bot, channel)
    open.set(key, made)
    return made
  }
}
