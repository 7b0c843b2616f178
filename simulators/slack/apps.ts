import { z } from 'zod'

const allScopes = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'im:history',
  'im:read',
  'im:write',
  'channels:history',
  'groups:history',
  'mpim:history',
  'users:read',
]

/** One bot's app in the workspace, as the simulator is told of it. */
export const slackAppShape = z.object({
  bot: z.string().min(1),
  /** Where its events go: `<product>/slack/<bot>/events`. */
  eventsUrl: z.url({ protocol: /^http$/ }),
  signingSecret: z.string().min(1),
  botToken: z.string().min(1),
  botUserId: z.string().min(1),
  appId: z.string().min(1),
  /** The workspace's id. */
  team: z.string().min(1),
  scopes: z.array(z.string()).default(allScopes),
})
export type SlackApp = Readonly<z.infer<typeof slackAppShape>>

/** The id that Slack calls the bot by in messages, beside its user id. */
export const botIdOf = (app: SlackApp): string => `B${app.botUserId.slice(1)}`

/** `hello @fedora-finder` → `hello <@U…>`, as Slack's own message box does for every member of the channel. */
export function withMentions(text: string, apps: readonly SlackApp[]): string {
  const longestFirst = apps.toSorted((one, other) => other.bot.length - one.bot.length)
  return longestFirst.reduce((done, app) => {
    const name = app.bot.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return done.replaceAll(new RegExp(`(?<![\\w<])@${name}(?![\\w-])`, 'gi'), `<@${app.botUserId}>`)
  }, text)
}

/** Whether the text mentions the app's bot user. */
export const mentions = (text: string, app: SlackApp): boolean =>
  text.includes(`<@${app.botUserId}>`) || text.includes(`<@${app.botUserId}|`)
