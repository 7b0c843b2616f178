import type { Bot } from '../../../domain/bot.ts'
import { missingApprovals } from '../../../domain/x-approval.ts'
import type { Config } from '../../../infra/config.ts'
import type { Check } from '../../contract/bots.ts'
import { fail, ok, warn } from './findings.ts'

type Accounts = Pick<Config, 'slack' | 'x' | 'xApproval' | 'xApiUrl'>

/** What X demands of the account, on the real X; each demand with the setting that states it. */
function approval(config: Accounts, bot: string): readonly Check[] {
  const live = config.xApiUrl === 'live'
  const name = `${bot} on x`
  const missing = missingApprovals(config.xApproval(bot), { live })
  const suffix = `__${bot.replaceAll('-', '_').toUpperCase()}`
  if (missing.length > 0)
    return [
      fail(
        name,
        `does not reply on X: ${missing.map(({ variable }) => variable).join(', ')} not stated; its messages wait`,
        `${missing.map(({ variable, todo }) => `${todo}, then set ${variable}${suffix}=yes`).join('; ')}; start again`,
      ),
    ]
  return live ? [ok(name, 'the account is approved, labelled and says what it is')] : []
}

function account(config: Accounts, bot: string, channel: 'slack' | 'x'): readonly Check[] {
  const credentials = channel === 'slack' ? config.slack(bot) : config.x(bot)
  if (credentials === undefined)
    return [warn(`${bot} on ${channel}`, 'has no credentials', 'set them as .env.example says')]
  return channel === 'x' ? approval(config, bot) : []
}

/** Whether each bot may speak where its folder says that it does. */
export const accounts = ({
  config,
  bots,
}: {
  readonly config: Accounts
  readonly bots: readonly Pick<Bot, 'name' | 'channels'>[]
}): readonly Check[] =>
  bots.flatMap(({ name, channels }) =>
    channels.flatMap((channel) => (channel === 'http' ? [] : account(config, name, channel))),
  )
